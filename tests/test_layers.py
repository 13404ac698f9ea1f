"""Data goes one way: each file imports only what stands before it, read from the syntax trees."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]
LAYERS = [
    # Leaves: free to all. Sentences need to know what a millionth is, and no more.
    ("errors", "instance"),
    ("words",),
    ("tables",),
    ("sipd",),
    # The rules know the tables only for how a number is written into a fragment.
    ("rules",),
    ("scenario",),
    ("program",),
    ("stages",),
    ("case",),
    ("certificate",),
    ("assess",),
    ("baseline",),
    ("refit",),
    ("result",),
    ("model",),
    ("rooms",),
    ("search",),
    ("ties",),
    ("solve",),
    ("reread",),
    ("reasons",),
    ("decision",),
    ("conflict", "repairs"),
    ("recommendation",),
    ("recommend", "tell"),
    ("tradeoffs",),
    ("judgement", "expect", "verify", "sweep", "write", "commands"),
]
"""Files and packages of solver/, what comes first first; those of one line know nothing of each
other, but for the last line: what goes out, which is free to use all of the above."""
LAST = LAYERS[-1]
OUTSIDE = {
    "distributed": {"solver/sweep/engines/cluster.py"},
    "joblib": {"solver/sweep/engines/local.py"},
    "pulp": {"solver/model.py"},
    "highspy": {"solver/model.py"},
    "babel": {"solver/words.py"},
    "docx": {
        "solver/write/forms/desk_template.py",
        "solver/write/forms/template.py",
        "solver/write/forms/word.py",
    },
    "docxtpl": {"solver/write/forms/word.py"},
    "jinja2": {"solver/write/forms/word.py"},
}
NOWHERE_IN_SOLVER = {"flask", "sqlalchemy", "alembic", "waitress", "pandas", "numpy", "service"}


def files(folder):
    return sorted((HOME / folder).rglob("*.py"))


def imported(file):
    """Every module that a file imports, in full: solver.rules.row, json; never one in a function's
    string."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name}: a relative import"
            found.add(node.module)
            # `from solver.rules import renja` imports a file, too.
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def name(file):
    return file.relative_to(HOME).as_posix()


def part(module):
    """The file or package of solver/ that a module belongs to; None for the rest."""
    parts = module.split(".")
    return parts[1] if parts[0] == "solver" and len(parts) > 1 else None


ORDER = {part: rank for rank, layer in enumerate(LAYERS) for part in layer}
FILES = [file for file in files("solver") if file != HOME / "solver" / "__init__.py"]


def test_every_file_of_the_solver_has_its_place():
    found = {file.relative_to(HOME / "solver").parts[0].removesuffix(".py") for file in FILES}
    assert found == set(ORDER)


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_file_imports_only_what_stands_before_it(file):
    own = file.relative_to(HOME / "solver").parts[0].removesuffix(".py")
    for module in imported(file):
        other = part(module)
        if other in (None, own) or other not in ORDER:
            continue  # not of the solver, or a public name of it
        before = ORDER[other] < ORDER[own]
        assert before or (own in LAST and other in LAST), f"{own} imports {module}"


def cycles(modules):
    """Modules that import each other, directly or not: what is left when leaves are taken off."""
    left = {module: {m for m in wanted if m in modules} for module, wanted in modules.items()}
    while True:
        leaves = {module for module, wanted in left.items() if not wanted}
        if not leaves:
            return sorted(left)
        left = {m: wanted - leaves for m, wanted in left.items() if m not in leaves}


def test_no_two_files_of_the_solver_import_each_other():
    modules = {}
    for file in files("solver"):
        path = file.relative_to(HOME).with_suffix("").parts
        own = ".".join(path)
        # `from solver.rules import Row` is the package's own affair; its files are what counts.
        modules[own] = imported(file) - {own}
    assert cycles(modules) == []


def test_libraries_stay_in_their_one_file():
    for file in files("solver"):
        roots = {module.split(".")[0] for module in imported(file)}
        assert not roots & NOWHERE_IN_SOLVER, name(file)
        for library in roots & set(OUTSIDE):
            assert name(file) in OUTSIDE[library], f"{name(file)} imports {library}"
    for library, places in OUTSIDE.items():
        for place in places:
            assert library in {module.split(".")[0] for module in imported(HOME / place)}


def test_only_the_commands_know_of_the_terminal():
    for file in files("solver"):
        roots = {module.split(".")[0] for module in imported(file)}
        if roots & {"click", "rich"}:
            assert name(file).startswith(("solver/commands/", "solver/write/")), name(file)
        if "xlsxwriter" in roots:
            assert name(file).startswith("solver/write/"), name(file)


def public():
    """What solver/__init__ names as the places to begin, and what they raise and return."""
    text = ast.get_docstring(ast.parse((HOME / "solver" / "__init__.py").read_text("utf-8")))
    return set(re.findall(r"solver\.(\w+)", text)) | {"commands", "errors", "result", "instance"}


def test_the_places_to_begin_are_there():
    assert {"scenario", "solve", "recommend", "rules", "stages", "words"} <= public() <= set(ORDER)


def test_the_service_uses_public_names_of_the_solver_only():
    for file in files("service"):
        for module in imported(file):
            parts = module.split(".")
            if parts[0] == "solver" and len(parts) > 1:
                assert parts[1] in public(), f"{name(file)}: {module}"
                assert not any(p.startswith("_") for p in parts), f"{name(file)}: {module}"
                # solver.scenario.read, never solver.scenario.fields.Fields
                inside = HOME.joinpath(*parts[:3]).with_suffix(".py")
                is_inside = len(parts) > 2 and inside.exists()
                assert not is_inside or parts[1] == "commands", f"{name(file)}: {module}"


def test_the_store_knows_no_desk_and_the_desk_no_web():
    """What is kept comes first, then what a desk may do with it; both work without a browser."""
    for file in files("service"):
        own = file.relative_to(HOME / "service").parts[0]
        before = {"store": {"store"}, "desk": {"store", "desk"}}.get(own)
        modules = imported(file)
        roots = {module.split(".")[0] for module in modules}
        if own != "store":
            # Only the store knows which kinds of databases there are.
            assert not roots & {"alembic", "psycopg", "sqlite3"}, name(file)
        if before is None:
            continue
        assert not roots & {"flask", "flask_openapi", "waitress", "pydantic", "click"}, name(file)
        for module in modules:
            parts = module.split(".")
            if parts[0] == "service" and len(parts) > 1:
                assert parts[1] in before, f"{name(file)}: {module}"


def test_the_oracle_shares_no_line_with_the_solver():
    for file in ("oracle.py", "random_scenarios.py"):
        roots = {module.split(".")[0] for module in imported(HOME / "tests" / file)}
        assert "solver" not in roots, file
