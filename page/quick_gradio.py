"""Imports and uses Gradio without what a served page does not need: more than half of the time until the page is there.

Processor time of the import on a core shared with other work: 4.0 s as Gradio is, 2.4 s without the first of these,
2.1 s without MCP too, 1.5 s without pandas; of building a page .69 s, and .33 s without the last.

* On every import Gradio parses the source of each component and writes a type stub (``.pyi``) beside it. A
  served page has no use for these, and an installation that cannot be written to has no place for them.
* pandas is only needed by components that we do not use; it is loaded when something asks for it.
* Where matplotlib is installed, Gradio imports it around every event, to draw what we never draw. At the first event
  that takes a second, and when another thread imports something meanwhile, its warnings fill the log.
* MCP is needed by ``import_mcp`` alone, which the page that serves the tools calls.
* Gradio makes a whole web application of the components when they are begun, finished and given a queue, and once
  more when they are mounted. Only the last is ever served.

Knows a few names inside Gradio; where they are no longer there, the import is an ordinary one.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from threading import RLock
from types import ModuleType
from typing import Any

_MODULE, _FUNCTION = "gradio.component_meta", "create_or_modify_pyi"
_WHEN_ASKED = {"pandas"}
_LOADER = "_yinju_loader"
_LOADING = RLock()
_LATER = "mcp"
_PLOTTING = "MatplotlibBackendMananger"  # spelt so


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


class _Waiting(ModuleType):
    """A module that is loaded when something in it is first asked for; by one thread, while others wait."""

    def __getattr__(self, name: str) -> Any:
        """Load the module, then return what was asked for."""
        with _LOADING:
            loader = self.__dict__.pop(_LOADER, None)
            if loader is not None and (name.startswith("__") and name != "__version__"):
                self.__dict__[_LOADER] = loader  # whoever looks over all modules asks for such names
            elif loader is not None:
                loader.exec_module(self)
                self.__class__ = ModuleType  # type: ignore[assignment]
            if name in self.__dict__:
                return self.__dict__[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


class _WhenAsked(Loader):
    """Loads a module as another loader does, but not before something in it is asked for."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__[_LOADER] = self._loader
        module.__class__ = _Waiting


class _Finder(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name == _LATER:
            raise ModuleNotFoundError(f"{name} is imported later", name=name)
        if name != _MODULE and name not in _WHEN_ASKED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _WhenAsked(spec.loader) if name in _WHEN_ASKED else _WithoutStubs(spec.loader)
        return spec


def import_gradio() -> None:
    """Import Gradio, when it is not there yet."""
    if "gradio" in sys.modules:
        return
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        from gradio import utils
    finally:
        sys.meta_path.remove(finder)
    if hasattr(utils, _PLOTTING):
        setattr(utils, _PLOTTING, nullcontext)


@contextmanager
def only_mounted() -> Iterator[None]:
    """Build components that are going to be mounted, without the web applications that Gradio makes before that."""
    from gradio import blocks

    made = blocks.App
    blocks.App = _NoApplication
    try:
        yield
    finally:
        blocks.App = made


class _NoApplication:
    @staticmethod
    def create_app(*_: Any, **__: Any) -> None:
        """Make nothing."""


def import_mcp() -> bool:
    """Give Gradio what it left out for serving tools; tell whether the ``mcp`` package is installed."""
    if find_spec(_LATER) is None:
        return False
    module = importlib.import_module("gradio.mcp")
    if not hasattr(module.GradioMCPServer, "types"):  # its class body passed over the missing package
        importlib.reload(module)
    return True
