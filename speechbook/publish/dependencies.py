"""Which modules and data files of the package a piece of code uses, found by reading it, without running it."""

from __future__ import annotations

import ast
import functools
from pathlib import Path


def imported_files(trees: list[ast.Module], package: Path) -> set[Path]:
    """Follow imports through the package.

    A sub-package is a shelf: of what its ``__init__.py`` imports, only the modules count that offer something which
    the code names, such as a widget's class or an exercise's id, and not the list itself. The code is that of the
    notebook and of the modules that it imports from outside such shelves.

    Parameters
    ----------
    trees : list of ast.Module
        The code to start from.
    package : Path
        Folder of the package.

    Returns
    -------
    set of Path
        Modules that are imported directly or through others, and the data files of their sub-packages.
    """
    found: set[Path] = set()
    named: set[str] = set()
    more = set().union(*map(words, trees))
    while not more <= named:
        named |= more
        found = reachable(trees, package, named)
        outside = [file for file in found if file.parent == package]
        more = set().union(*(words(syntax(file)) for file in outside))
    data = {path for folder in {file.parent for file in found} - {package} for path in data_files(folder, found)}
    return {file for file in found if not is_list(file)} | data


def reachable(trees: list[ast.Module], package: Path, named: set[str]) -> set[Path]:
    """Follow imports, and take from each shelf what is named.

    Parameters
    ----------
    trees : list of ast.Module
        The code to start from.
    package : Path
        Folder of the package.
    named : set of str
        Every name and text in the code.

    Returns
    -------
    set of Path
        Modules.
    """
    found: set[Path] = set()
    waiting = [file for tree in trees for name in imports(tree, "") for file in module_files(name, package)]
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        inside = ".".join([package.name, *file.relative_to(package).with_suffix("").parts])
        here = inside.removesuffix(".__init__") if file.name == "__init__.py" else inside.rpartition(".")[0]
        shelf = file.name == "__init__.py" and file.parent != package
        for name in imports(syntax(file), here):
            files = module_files(name, package)
            taken = not shelf or name.rpartition(".")[2] in named
            waiting.extend(each for each in files if taken or offers(each) & named)
    return found


def syntax(module: Path) -> ast.Module:
    """Parse a module; the same text is parsed once.

    Parameters
    ----------
    module : Path
        A Python file.

    Returns
    -------
    ast.Module
        Its syntax tree.
    """
    return _parse(module.read_text(encoding="utf-8"))


_parse = functools.cache(ast.parse)


@functools.cache
def words(tree: ast.Module) -> set[str]:
    """Collect the names and texts in a piece of code.

    Parameters
    ----------
    tree : ast.Module
        The code.

    Returns
    -------
    set of str
        Variables, attributes, imported names, and texts.
    """
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def offers(module: Path) -> set[str]:
    """Collect what a module offers under a name.

    Parameters
    ----------
    module : Path
        A Python file.

    Returns
    -------
    set of str
        Its functions and classes, and the texts in their decorators.
    """
    return _offered(syntax(module))


@functools.cache
def _offered(tree: ast.Module) -> set[str]:
    found = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
            for decorator in node.decorator_list:
                found |= words(ast.Module([ast.Expr(decorator)], []))
    return {name for name in found if not name.startswith("_")} - {"exercise", "dataclass"}


def is_list(module: Path) -> bool:
    """Tell whether a module is an ``__init__.py`` that only lists what its folder holds."""
    nodes = [node for node in syntax(module).body if not isinstance(node, ast.Import | ast.ImportFrom)]
    texts = [node for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    names = [node for node in nodes if isinstance(node, ast.Assign) and words(node) & {"__all__"}]
    return module.name == "__init__.py" and len(nodes) == len(texts) + len(names)


def data_files(folder: Path, modules: set[Path]) -> set[Path]:
    """List the data files inside a sub-package that belong to some of its modules.

    Parameters
    ----------
    folder : Path
        Folder of the sub-package.
    modules : set of Path
        The modules that count.

    Returns
    -------
    set of Path
        All its data files, but without those that bear the name of another of its modules.
    """
    others = {file.stem for file in folder.glob("*.py")} - {file.stem for file in modules if file.parent == folder}
    files = {path for path in folder.rglob("*") if is_data(path)}
    return {path for path in files if path.stem.replace("-", "_") not in others}


def is_data(path: Path) -> bool:
    """Tell whether a path inside a package is a data file, such as a bundled script."""
    return path.is_file() and path.suffix not in (".py", ".pyc") and not path.name.startswith(".")


@functools.cache
def imports(tree: ast.Module, here: str) -> tuple[str, ...]:
    """Name what a piece of code imports.

    Parameters
    ----------
    tree : ast.Module
        The code.
    here : str
        Dotted name of the package that it lies in, for relative imports; empty for a notebook.

    Returns
    -------
    tuple of str
        Dotted names; of ``from a import b`` both ``a`` and ``a.b``, because ``b`` may be a module.
    """
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = here.split(".")[: len(here.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found += [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return tuple(dict.fromkeys(found))


def module_files(name: str, package: Path) -> list[Path]:
    """Find the files that importing a dotted name loads from the package.

    Parameters
    ----------
    name : str
        Such as ``"speechbook.exercises.code"``.
    package : Path
        Folder of the package.

    Returns
    -------
    list of Path
        The module and the ``__init__.py`` of each package around it; empty for anything outside the package.
    """
    first, *rest = name.split(".")
    if first != package.name:
        return []
    files = [package / "__init__.py"]
    folder = package
    for part in rest:
        if (folder / f"{part}.py").is_file():
            files.append(folder / f"{part}.py")
            break
        folder = folder / part
        if not (folder / "__init__.py").is_file():
            break
        files.append(folder / "__init__.py")
    return [file for file in files if file.is_file()]
