"""A source's TOML: every mistake names file, key, what was found, and a remedy."""

from datetime import timedelta

import pytest

from etl.sources import load_sources, open_source
from etl.sources.config_tables import read_config
from warehouse.contracts import Severity
from warehouse.errors import ConfigurationError, UnknownNameError

STORES = """
[[table]]
table = "stores"
files = "*.csv"
[table.columns]
store_id = "id"
name = "title"
"""
URL = 'url = "postgresql+psycopg://dms@db/x"\n'
QUERY = STORES.replace('files = "*.csv"', 'query = "select 1"')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "no readable TOML"),
        ("name = 'x'", r"table: found nothing; describe at least one \[\[table\]\]"),
        (
            STORES.replace("[[table]]", "[[tables]]"),
            r"table: found .*; write \[\[table\]\]; there is 'tables': did you mean",
        ),
        (
            STORES.replace("[table.columns]", "[table.colums]"),
            r"\.columns: found nothing; .*; there is 'colums': did you mean columns",
        ),
        ("nane = 'x'\n" + STORES, "unknown key 'nane'; did you mean name"),
        (STORES.replace("stores", "store"), r"table\[1\].table: .*did you mean stores"),
        (STORES.replace("files", "filse"), r"unknown key .*filse'; did you mean files"),
        (STORES.replace('files = "*.csv"', ""), r"files: found nothing; name either"),
        (STORES + "nmae = 'x'", r"columns.nmae: found 'x'; did you mean name"),
        (STORES.replace('name = "title"', ""), r"columns.name: found nothing; stores "),
        (
            STORES + "city = { colum = 'x' }",
            "unknown key 'table.1..columns.city.colum'",
        ),
        (STORES + "city = {}", "exactly one of column, constant and expression"),
        (
            STORES + "city = { column = 'x', constant = 'y' }",
            "exactly one of column, constant and expression",
        ),
        (STORES + "city = 7", "columns.city: found 7; write a text or a list of texts"),
        (
            STORES + "opened_on = { column = 'd', format = '%Q' }",
            "columns.opened_on.format: found '%Q'; .*%Q",
        ),
        (
            STORES + "opened_on = { column = 'd', format = 'yearfirst' }",
            r"columns.opened_on.format: found 'yearfirst'; did you mean year_first",
        ),
        (
            STORES + "city = { expression = 'lowwer(x)' }",
            "columns.city: .*lowwer does not exist",
        ),
        (STORES + "city = { expression = 'x ||| (' }", "columns.city: .*syntax error"),
        (STORES + "city = { expression = 'random()' }", "random is not allowed"),
        (
            STORES + "city = { expression = '(select 1)' }",
            "a SELECT is not allowed inside",
        ),
        (STORES + "city = { expression = 'max(x)' }", "it gathers several rows"),
        (
            STORES + "[table.severity]\ntime_zon = 'warn'",
            "severity.time_zon: found 'warn'; did you mean time_zone",
        ),
        (
            STORES + "[table.severity]\ntime_zone = 'warm'",
            "severity.time_zone: found 'warm'; did you mean warn",
        ),
        ("zone = 'Asia/Shanghia'\n" + STORES, "zone: .*write an IANA name"),
        ("encoding = 'utf-9'\n" + STORES, "encoding: found 'utf-9'; write a codec"),
        ("delimiter = 'comma'\n" + STORES, "delimiter: .* one character"),
        ("quote = '``'\n" + STORES, "quote: found '``'; write a single character"),
        ("header_row = 0\n" + STORES, "names: found nothing; a file without a header"),
        ("header_row = -1\n" + STORES, "header_row: found -1; write a whole number"),
        (
            "[[table]]\nfresh_within = '2 days'\n" + STORES.split("[[table]]")[1],
            "fresh_within: found '2 days'; write a time span",
        ),
        (QUERY, "query: found 'select 1'; the source has no url"),
        ("url = 'nonsense'\n" + QUERY, "url: found no SQLAlchemy URL"),
        (URL + "password_env = 'NOT_SET'\n" + QUERY, "environment variable NOT_SET"),
        ("folder = '${NOT_SET}/x'\n" + STORES, "set the environment variable NOT_SET"),
        (
            STORES + "[[table.join]]\nalias = 'm'\nfile = 'm.csv'\non = {}",
            r"join\[1\].on: found nothing; pair columns",
        ),
        (
            STORES + "[[table.join]]\nalias='m'\nfile='m.csv'\non={a='b'}\nkeep='best'",
            "keep: found 'best'; known",
        ),
        (
            STORES + "[table.unpivot]\nname = 'm'\nvalue = 'v'",
            "unpivot.columns: found nothing",
        ),
    ],
)
def test_a_mistake_says_where_it_is_and_what_would_be_right(
    write, text: str, message: str
) -> None:
    """One line is enough to mend the file."""
    path = write("dms.toml", text)
    with pytest.raises(ConfigurationError, match=message) as caught:
        load_sources(path, {})
    assert "dms" in str(caught.value)


def test_what_a_source_says_holds_for_its_tables(write) -> None:
    """A table may say otherwise; severities add up."""
    path = write(
        "dms.toml",
        """
        zone = "Asia/Shanghai"
        system = "north"
        encoding = "gb18030"
        null_values = ["-"]
        severity = { vin_shape = "warn" }
        [[table]]
        table = "vehicles"
        files = ["a.csv", "b/*.csv"]
        encoding = "utf-8"
        fresh_within = "3d"
        severity = { range = "blank" }
        columns = { vin = "VIN" }
        [[table]]
        table = "stores"
        files = "s.csv"
        system = "south"
        zone = "Europe/Berlin"
        columns = { store_id = "id", name = { constant = 7 } }
        """,
    )
    vehicles, stores = read_config(path, {}).tables
    assert (vehicles.zone, vehicles.system) == ("Asia/Shanghai", "north")
    assert vehicles.dialect.encodings == ("utf-8",)
    assert vehicles.fresh_within == timedelta(days=3)
    assert vehicles.severity == {"vin_shape": Severity.WARN, "range": Severity.BLANK}
    assert vehicles.null_values == ("-",)
    assert (stores.zone, stores.system) == ("Europe/Berlin", "south")
    assert stores.dialect.encodings == ("gb18030",)
    assert stores.columns["name"].constant == "7"


def test_a_recipe_changes_with_what_decides_about_rows_only(write) -> None:
    """Another limit of age or another pattern of files reads no row differently."""
    plain = read_config(write("a.toml", STORES), {}).tables[0]
    other_files = read_config(write("a.toml", STORES.replace("*", "s*")), {}).tables[0]
    other_rule = read_config(write("a.toml", STORES.replace("title", "t")), {}).tables[
        0
    ]
    assert plain.recipe == other_files.recipe
    assert plain.recipe != other_rule.recipe


def test_folders_and_addresses_may_come_from_the_environment(write, tmp_path) -> None:
    """With a default, or without one."""
    text = "folder = '${DATA:-here}/${SUB}'\n" + STORES
    config = read_config(write("a.toml", text), {"SUB": "x"})
    assert config.folder == tmp_path / "here" / "x"


def test_a_folder_of_configurations_is_as_many_sources(write, tmp_path) -> None:
    """Each is called by its file unless it says otherwise, none like another."""
    write("conf/a.toml", STORES)
    write("conf/b.toml", "name = 'north'\n" + STORES)
    assert set(load_sources(tmp_path / "conf", {})) == {"a", "north"}
    write("conf/c.toml", "name = 'a'\n" + STORES)
    with pytest.raises(ConfigurationError, match=r"c.toml: name: 'a' is taken"):
        load_sources(tmp_path / "conf", {})


def test_a_folder_without_configurations_is_a_mistake(tmp_path) -> None:
    """Nothing would ever be read."""
    with pytest.raises(ConfigurationError, match=r"no \.toml file"):
        load_sources(tmp_path, {})


def test_a_source_is_opened_by_name_folder_or_file(write, tmp_path) -> None:
    """In this order; anything else is unknown, with a suggestion."""
    path = write("north.toml", STORES)
    configured = load_sources(path, {})
    assert open_source("north", configured) is configured["north"]
    assert open_source(str(path), {}).name == "north"
    assert open_source(str(tmp_path), {}).name == tmp_path.name
    with pytest.raises(UnknownNameError, match="did you mean north"):
        open_source("nort", configured)
