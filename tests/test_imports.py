"""The import directions that keep the stages apart, read from the source."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOUNDATIONS = {
    "rag.records",
    "rag.errors",
    "rag.filters",
    "rag.spans",
    "rag.terms",
    "rag.languages",
    "rag.tagging",
    "rag.glossary",
}
STAGES = {
    "rag.loading",
    "rag.newspaper",
    "rag.splitting",
    "rag.catalog",
    "rag.retrieving",
    "rag.reading",
    "rag.citing",
    "rag.conversing",
    "rag.rendering",
}


def imported(path: Path) -> set[str]:
    """Every module named in an import statement of the file, wherever it stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def files(package: str) -> list[Path]:
    folder = ROOT / package.replace(".", "/")
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def inside(names: set[str], package: str) -> set[str]:
    return {name for name in names if name == package or name.startswith(f"{package}.")}


@pytest.mark.parametrize("module", ["rag.records", "rag.errors"])
def test_the_records_import_the_standard_library_only(module: str) -> None:
    for name in imported(files(module)[0]):
        assert name.split(".")[0] in sys.stdlib_module_names | {"__future__"}, name


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_stages_never_import_each_other_nor_the_library(stage: str) -> None:
    assert files(stage), f"{stage} has no files"
    for path in files(stage):
        names = imported(path)
        for other in (STAGES | {"rag.library", "rag.cli", "rag.answering", "rag.indexing"}) - {stage}:
            assert not inside(names, other), f"{path.relative_to(ROOT)} imports {other}"


def test_embeddings_knows_nothing_of_the_product() -> None:
    for path in files("embeddings"):
        names = imported(path)
        assert not (inside(names, "rag") | inside(names, "eval") | inside(names, "training")), path


@pytest.mark.parametrize("package", ["rag", "embeddings", "app"])
def test_nothing_of_the_product_imports_eval_or_training(package: str) -> None:
    for path in files(package):
        names = imported(path)
        assert not (inside(names, "eval") | inside(names, "training")), path


def test_eval_uses_the_public_api_only() -> None:
    allowed = FOUNDATIONS | {"rag", "rag.library", "rag.settings"}
    for path in files("eval"):
        for name in inside(imported(path), "rag"):
            assert any(name == a or name.startswith(f"{a}.") for a in allowed), f"{path}: {name}"


def test_importing_rag_loads_no_heavy_package() -> None:
    code = "import sys, rag; print(sorted({'torch', 'gradio', 'transformers', 'numpy', 'faiss'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_root_exports_what_the_readme_shows() -> None:
    import rag

    assert rag.__all__ == ["Filters", "Library", "Reply", "Turn", "YinjuError", "answer"]
    assert all(hasattr(rag, name) for name in rag.__all__)
