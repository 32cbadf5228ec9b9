"""What docs/how-to-add.md asks for: what was added is everywhere where it has to be."""

import pathlib
import re
import subprocess

import pytest

from support.engines import STORES
from support.program import run

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
FOLDERS = "src|tests|docs|proto|tools|bench|deploy|packaging|cmake"


def text_of_pages():
    return "\n".join(page.read_text() for page in PAGES)


def named_paths(text):
    """The paths in a page, as patterns: `src/<service>/tables.hpp` is src/*/tables.hpp."""
    for path in re.findall(rf"(?<![\w/.-])(?:{FOLDERS})/[\w./*<>-]*[\w*>/]", text):
        yield re.sub(r"<\w+>", "*", path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_exists(page):
    missing = {path for path in named_paths(page.read_text()) if not any(ROOT.glob(path))}
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_to_a_heading(page):
    def anchors(text):
        headings = re.findall(r"^#+ (.*)$", text, re.M)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    for target, anchor in re.findall(r"\]\(([^)#:\s]*)#?([^):\s]*)\)", page.read_text()):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file.read_text()), f"{target}#{anchor}"


def test_every_command_is_in_the_help_and_in_a_page():
    sources = "\n".join(path.read_text() for path in (ROOT / "src/cli").glob("*.cpp"))
    made = re.findall(r"^Command (\w+)_command\(\) \{", sources, re.M)
    assert len(made) > 15
    help_text, pages = run("--help").stdout, text_of_pages()
    for name in (name.replace("_", "-") for name in made):
        assert re.search(rf"^\s+{name}\b", help_text, re.M), f"{name}: not in src/cli/commands.cpp"
        assert re.search(rf"killrvideo {name}\b", pages), f"no page tells what {name} is for"


def test_every_table_is_in_the_list_of_folders():
    tables = re.findall(r"CREATE TABLE IF NOT EXISTS \"?(?:\w+\.)?(\w+)", run("schema").stdout)
    assert len(tables) > 20
    page = (ROOT / "docs/architecture.md").read_text()
    listed = re.findall(r"`(\w+\*?)`", re.search(r"^## Folders$(.*?)^## ", page, re.M | re.S)[1])
    for table in tables:
        assert any(re.fullmatch(name.replace("*", r"\w+"), table) for name in listed), table


def test_every_store_engine_passes_the_contract_and_is_tested_by_the_services():
    takes = re.search(r"It takes one of ([\w, #\n]+?)\.\n#store = ", run("print", "config").stdout)
    names = re.findall(r"\w+", takes[1])
    assert len(names) > 1
    contract = (ROOT / "tests/unit/storage/store_contract.hpp").read_text()
    for name in names:
        assert f'{{"{name}", open_{name}}}' in contract
    assert sorted(STORES) == sorted(names)


def test_unit_tests_are_in_the_folders_of_the_code():
    tests = ROOT / "tests/unit"
    for path in tests.rglob("*_test.cpp"):
        assert (ROOT / "src" / path.parent.relative_to(tests)).is_dir(), path
        assert path.parent != tests, path


def test_every_mutant_fits_the_code():
    done = subprocess.run([ROOT / "tests/mutants/run", "check"], text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
