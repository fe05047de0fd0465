"""Imports Gradio without what a served page does not need: half of the time until the page can be built.

* On every import Gradio parses the source of each component and writes a type stub (``.pyi``) beside it. A
  served page has no use for these, and an installation that cannot be written to has no place for them.
* pandas is only needed by components that we do not use; it is loaded when something asks for it.
* MCP is needed by ``import_mcp`` alone, which the page that serves the tools calls.

Knows a few names inside Gradio; where they are no longer there, the import is an ordinary one.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader, find_spec
from types import ModuleType

_MODULE, _FUNCTION = "gradio.component_meta", "create_or_modify_pyi"
_WHEN_ASKED = {"pandas"}
_LATER = "mcp"


class _WithoutStubs(Loader):
    """Loads a module as another loader does, then puts an idle function in place of the stub writer."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        if hasattr(module, _FUNCTION):
            setattr(module, _FUNCTION, lambda component, name, events: None)


class _Finder(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name == _LATER:
            raise ModuleNotFoundError(f"{name} is imported later", name=name)
        if name != _MODULE and name not in _WHEN_ASKED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader) if name in _WHEN_ASKED else _WithoutStubs(spec.loader)
        return spec


def import_gradio() -> None:
    """Import Gradio, when it is not there yet."""
    if "gradio" in sys.modules:
        return
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        import gradio  # noqa: F401
    finally:
        sys.meta_path.remove(finder)


def import_mcp() -> bool:
    """Give Gradio what it left out for serving tools; tell whether the ``mcp`` package is installed."""
    if find_spec(_LATER) is None:
        return False
    module = importlib.import_module("gradio.mcp")
    if not hasattr(module.GradioMCPServer, "types"):  # its class body passed over the missing package
        importlib.reload(module)
    return True
