"""What a release says of itself to programs that look for data sets: Croissant metadata. Pure.

release facts + files written + codebook -> croissant.json

The format is MLCommons Croissant 1.1, a vocabulary on top of schema.org (https://docs.mlcommons.org/croissant).
It repeats what ``datapackage.json`` says in the words that search engines and loaders of data sets read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from warehouse import codebook, packages
from warehouse.codebook import Column
from warehouse.packages import Facts, File, Held, Resource

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
# The context that the specification asks every file to carry.
_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "text": "sc:Text",
    "integer": "cr:Int64",
    "number": "cr:Float64",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
    "list": "sc:Text",
}
# Where Croissant's readers expect another name than Data Package's.
_ENCODINGS = {"parquet": "application/x-parquet", "jsonl": "application/jsonlines"}
_CODES = "codes"


def metadata(
    facts: Facts, resources: Sequence[Resource], files: Sequence[File], held: Mapping[str, Held]
) -> dict[str, Any]:
    """Return the content of ``croissant.json``.

    Tables are described once, as they stand in the first format of the package; a package without tables
    has no record sets. References lead to codes only: a loader joins what is referred to, and the keys
    between tables are in ``datapackage.json`` for those who want them.
    """
    best = next((resource.format for resource in resources), None)
    tables = [resource for resource in resources if resource.format == best]
    used = {name for resource in tables for name in _vocabularies(resource, held)}
    written: list[Resource | File] = [*resources, *files]
    found: dict[str, Any] = {
        "@context": dict(_CONTEXT),
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": facts.title,
        "description": packages.describe(facts),
        "version": facts.release_id,
        "datePublished": f"{facts.made_at.astimezone(dt.UTC):%Y-%m-%d}",
        "inLanguage": "en",
        "isLiveDataset": False,
        "keywords": list(packages.KEYWORDS),
        "license": packages.LICENCE_URL if facts.tier == "public" else "LICENSE-DATA",
        "citeAs": packages.cite(facts),
        "creator": {"@type": "sc:Organization", "name": packages.AUTHOR},
        "rai:personalSensitiveInformation": packages.tier_note(facts.tier),
        "rai:dataBiases": _BIASES,
        "rai:dataLimitations": _LIMITATIONS,
        "distribution": [_file_object(each) for each in written],
        "recordSet": [
            *(_codes(name) for name in sorted(used)),
            *(_record_set(resource, held[resource.table]) for resource in tables),
        ],
    }
    return found


_BIASES = (
    "The data hold what the watched outlets told, mostly in Indonesian and English: places, nationalities"
    " and times with more news have more incidents. The table coverage says what was watched."
)
_LIMITATIONS = (
    "Incidents are read from news by a program; `tier` says which of them a person has looked at. They are"
    " no official statistic, and figures of one incident are alternatives and parts that are not added up;"
    " codebook.md says what may be counted."
)


def _file_object(file: Resource | File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path.rpartition("/")[2],
        "description": file.description,
        "contentUrl": file.path,
        "contentSize": f"{file.n_bytes} B",
        "encodingFormat": _ENCODINGS.get(file.format, packages.MEDIA_TYPES[file.format]),
        "sha256": file.sha256,
    }


def _vocabularies(resource: Resource, held: Mapping[str, Held]) -> Iterator[str]:
    columns = codebook.load().tables[resource.table].columns
    for name in resource.columns:
        vocabulary = columns[name].vocabulary
        if vocabulary and name in held[resource.table].coded:
            yield vocabulary


def _codes(vocabulary: str) -> dict[str, Any]:
    """Return the record set of a list of codes, whose records stand in the file itself."""
    entry = codebook.load().vocabularies[vocabulary]
    own = f"{_CODES}/{vocabulary}"
    return {
        "@type": "cr:RecordSet",
        "@id": own,
        "name": vocabulary,
        "description": entry.description,
        "dataType": "sc:Enumeration",
        "key": {"@id": f"{own}/code"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{own}/{name}",
                "name": name,
                "description": description,
                "dataType": "sc:Text",
            }
            for name, description in (("code", "The code."), ("meaning", "What it means."))
        ],
        "data": [
            {f"{own}/code": code, f"{own}/meaning": meaning}
            for code, meaning in entry.values.items()
        ],
    }


def _record_set(resource: Resource, held: Held) -> dict[str, Any]:
    columns = codebook.load().tables[resource.table].columns
    found: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": resource.table,
        "name": resource.table,
        "description": codebook.table_comments()[resource.table],
    }
    if held.key:
        found["key"] = [{"@id": f"{resource.table}/{name}"} for name in held.key]
    # A list of spans is left to datapackage.json: loaders of Croissant read no lists of structures.
    found["field"] = [
        _field(resource, name, columns[name], held)
        for name in resource.columns
        if columns[name].type != "spans"
    ]
    return found


def _field(resource: Resource, name: str, column: Column, held: Held) -> dict[str, Any]:
    source: dict[str, Any] = {"fileObject": {"@id": resource.path}, "extract": {"column": name}}
    if column.type == "list" and resource.format == "csv":
        source["transform"] = {"separator": packages.LIST_SEPARATOR}
    found: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{resource.table}/{name}",
        "name": name,
        "description": codebook.comments()[resource.table][name],
        "dataType": _TYPES[column.type],
        "source": source,
    }
    if column.type == "list":
        found |= {"isArray": True, "arrayShape": "-1"}
    if column.vocabulary and name in held.coded and _is_joinable(resource, column):
        found["references"] = {"field": {"@id": f"{_CODES}/{column.vocabulary}/code"}}
    return found


def _is_joinable(resource: Resource, column: Column) -> bool:
    """Return whether a loader can follow the column to its codes."""
    if column.type == "list":
        return False
    codes = codebook.load().vocabularies[column.vocabulary or ""].values
    # Outside Parquet a loader takes a code of digits for a number.
    return resource.format == "parquet" or not all(code.isdigit() for code in codes)
