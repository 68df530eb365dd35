"""The definitions of event types: one for every type, with what is in, what is out, and an example."""

import importlib.resources

import yaml

from pipeline.records import EventType

TYPES = yaml.safe_load(
    (importlib.resources.files("pipeline") / "event_types.yml").read_text("utf-8")
)


def test_every_type_is_defined_in_the_order_of_the_vocabulary() -> None:
    assert list(TYPES) == [item.value for item in EventType]


def test_every_definition_is_whole() -> None:
    for name, entry in TYPES.items():
        assert set(entry) == {"definition", "include", "exclude", "example"}, name
        assert entry["definition"].endswith("."), name
        assert all(isinstance(item, str) for item in [*entry["include"], *entry["exclude"]]), name


def test_whatever_points_at_another_type_names_one() -> None:
    import re

    named = {
        word
        for entry in TYPES.values()
        for item in entry["exclude"]
        for word in re.findall(r"\((\w+)\)", item)
    }
    assert named <= set(TYPES)
    assert len(named) > 8
