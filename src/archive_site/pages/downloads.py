"""The page of downloads: what people and programs can take, how large, what each is good for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive_site.corpus import urls
from archive_site.exports.formats import FORMATS, REFERENCES, offered_of, size
from archive_site.exports.package import sorts_of
from archive_site.model.site_model import SiteModel
from archive_site.text.typography import typeset

WHOLE = (
    (
        urls.archive_file("zip"),
        "Le site entier (ZIP)",
        "à décompresser, puis à ouvrir par index.html : il se lit sans réseau, recherche et "
        "concordance comprises",
    ),
    (urls.archive_file("epub"), "Tous les textes en un livre (EPUB)", "une partie par texte"),
    *(
        (
            urls.references_file(form.ending),
            f"Toutes les références ({form.name})",
            form.says.replace("la référence", "les références"),
        )
        for form in FORMATS
        if form.ending in REFERENCES
    ),
)
MEDIA_TYPES = {
    "zip": "application/zip",
    "epub": "application/epub+zip",
    "json": "application/json",
}
HARVEST = (
    (urls.FEED, "Fil Atom", "les nouveaux textes et les révisions, pour un lecteur de fils"),
    (urls.OAI, "OAI-PMH", "les notices en Dublin Core, en entrepôt statique, pour un moissonneur"),
    (urls.SITEMAP, "Plan du site", "toutes les pages et leur date, pour un moteur de recherche"),
    (urls.OPENSEARCH, "OpenSearch", "la recherche de l’archive, pour un navigateur"),
)


def downloads(model: SiteModel, sizes: Mapping[str, int], page: str) -> dict[str, Any]:
    """What the page at `page` offers of the site's files, of these `sizes` in bytes."""

    def offered(path: str, name: str, says: str) -> dict[str, str]:
        href = urls.relative(page, path)
        return {"name": name, "says": typeset(says), "href": href, "size": size(sizes[path])}

    data = {path.removeprefix(f"{urls.DATA}/") for path in sizes if path.startswith(urls.DATA)}
    corpus = data & model.files.keys()
    groups = (("Le corpus", corpus), ("Ce qui en est tiré", data - corpus))
    return {
        "whole": [offered(*file) for file in WHOLE if file[0] in sizes],
        "texts": [
            {
                "title": text.summary["short_title"],
                "href": urls.relative(page, urls.text_page(text.id)),
                "files": offered_of(text.id, sizes, page),
            }
            for text in model.texts.values()
        ],
        "formats": [
            {"name": form.name, "says": typeset(form.says)}
            for form in FORMATS
            if any(urls.data_file(i, form.ending) in sizes for i in model.texts)
        ],
        "groups": [
            {
                "title": title,
                "sorts": [
                    {
                        "title": typeset(sort.title),
                        "says": typeset(sort.says),
                        "files": [offered(f"{urls.DATA}/{name}", name, "") for name in named],
                    }
                    for sort, named in sorts_of(names).items()
                ],
            }
            for title, names in groups
        ],
        "harvest": [offered(*file) for file in HARVEST if file[0] in sizes],
        "data": _as_linked_data(model, sizes, page),
    }


def _as_linked_data(model: SiteModel, sizes: Mapping[str, int], page: str) -> dict[str, Any]:
    """The archive as a data set, as schema.org names it. No licence: none is known."""
    parts = (
        urls.archive_file("zip"),
        urls.archive_file("epub"),
        f"{urls.DATA}/datapackage.json",
    )
    said = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": urls.identity(model.site.base_url, page, page),
        "name": model.site.title,
        "description": " ".join(model.site.purpose) or model.site.subtitle,
        "version": model.version,
        "dateModified": model.revised,
        "temporalCoverage": model.site.covers,
        "inLanguage": sorted({text.meta.language for text in model.texts.values()}),
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": urls.relative(page, path),
                "encodingFormat": MEDIA_TYPES[path.rpartition(".")[2]],
                "contentSize": str(sizes[path]),
            }
            for path in parts
            if path in sizes
        ],
    }
    return {name: value for name, value in said.items() if value}
