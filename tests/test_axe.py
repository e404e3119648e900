"""Every kind of page, as axe-core judges it: in all colours, on a phone and a desk, WCAG 2.2 AA and
contrast as AAA has it (7:1)."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page

from conftest import ENTRIES, Look, opened, until

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
MORE_RULES = ("color-contrast-enhanced", "target-size", "label-content-name-mismatch")
RULES: dict[str, object] = {"rules": {name: {"enabled": True} for name in MORE_RULES}}
COLOURS: dict[str, object] = {
    "runOnly": ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]
}
THEMES = ("light", "dark", "sepia")
ONE_OF_EACH = """() => {
    axe.setup(document)
    const { getElementStack, getTextElementStack } = axe.commons.dom
    const seen = new Set(), fields = "input, select, textarea"
    const isText = node => node.nodeType === Node.TEXT_NODE && /\\S/.test(node.data)
    const include = [...document.body.querySelectorAll("*")].filter(element => {
        if (![...element.childNodes].some(isText) && !element.matches(fields)) return false
        const { fontSize, fontWeight, textDecorationLine, textShadow } = getComputedStyle(element)
        const its = [element.localName, fontSize, fontWeight, textDecorationLine, textShadow]
        const look = new Set(its)
        for (const at of [getElementStack(element), ...getTextElementStack(element)].flat()) {
            const { backgroundColor, backgroundImage, opacity } = getComputedStyle(at)
            look.add(["on", backgroundColor, backgroundImage, opacity].join(" "))
        }
        for (let at = element; at; at = at.parentElement) {
            const { color, backgroundColor, backgroundImage, opacity } = getComputedStyle(at)
            look.add([color, backgroundColor, backgroundImage, opacity].join(" "))
        }
        const key = [...look].join("; ")
        return !seen.has(key) && seen.add(key)
    })
    axe.teardown()
    return { include }
}"""
"""Where to look for faults of colour alone: at one element with text for each combination of the
sizes and colours of it and of what it is in, and of the grounds of what axe finds beneath it."""
LONG = "textes/boukharine-leningrad-1926/index.html"
SHORT = "textes/que-faire-parti-bolchevik-1917-1924/index.html"
KINDS = [
    "index.html",
    "404.html",
    "textes/index.html",
    "a-propos/index.html",
    "a-propos/schema/index.html",
    "a-propos/style/index.html",
    "donnees/index.html",
    LONG,
    SHORT,
    "textes/trotsky-lecons-octobre-1924/etablissement/index.html",
    "textes/parti-communiste-1917-1921/source/index.html",
    "personnes/index.html",
    "chronologie/index.html",
    "chronologie/1917/index.html",
    "reseau/index.html",
    "recherche/index.html?q=lutte+paysans&texte=boukharine-leningrad-1926",
    "recherche/index.html?q=xyzzy",
    "recherche/index.html",
    "concordance/index.html",
    "concordance/index.html?q=latte+%7C+congrès",
    *(f"{entry}/index.html" for entry in ENTRIES),
]


def test_every_kind_of_page_is_judged(site: dict[str, bytes]) -> None:
    def kind(path: str) -> bytes:
        return site[path.partition("?")[0]].partition(b"<body ")[2].partition(b">")[0]

    assert {kind(path) for path in KINDS} == {kind(p) for p in site if p.endswith(".html")}


def violations(page: Page, rules: dict[str, object] = RULES, where: str = "document") -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(
        f"rules => axe.run({where}, rules).then(r => r.violations)",
        rules | {"resultTypes": ["violations"]},  # the others are counted out, not written out
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("path", KINDS)
def test_axe_finds_nothing(look: Look, served: str, path: str, width: int) -> None:
    page = look(served + path, width)
    if "?" in path:
        until(page, "document.querySelector('[data-said]').textContent !== ''")
    for theme in THEMES:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        if theme == THEMES[0]:
            found = violations(page)
        else:  # other colours, and nothing else: neither other elements nor other places
            found = violations(page, COLOURS, f"({ONE_OF_EACH})()")
        assert found == [], theme


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_in_what_opens(browser: Browser, served: str, width: int) -> None:
    with opened(browser, served + SHORT, width) as page:
        page.locator("#appel-5").scroll_into_view_if_needed()
        page.locator("#appel-5").click()
        assert page.locator(".pop:focus").count() == 1
        assert violations(page) == []
        page.locator(".bar-place").click()
        assert page.locator(".contents-panel").is_visible()
        assert violations(page) == []
        page.locator(".bar .plain").click()
        assert page.locator(".settings").is_visible()
        assert violations(page) == []


def test_axe_would_find_something(browser: Browser, served: str) -> None:
    with opened(browser, served + "404.html") as page:
        page.evaluate("document.body.style.color = '#aaa'")
        page.evaluate("document.querySelector('main').prepend(document.createElement('button'))")
        found = "\n".join(violations(page))
        assert "color-contrast" in found and "button-name" in found
        found = "\n".join(violations(page, COLOURS, f"({ONE_OF_EACH})()"))
        assert "color-contrast" in found


def test_an_element_on_another_ground_than_its_like_is_judged(
    browser: Browser, served: str
) -> None:
    with opened(browser, served + "404.html") as page:
        where = f"({ONE_OF_EACH})()"
        assert violations(page, COLOURS, where) == []
        page.evaluate(
            """() => {
                const one = document.querySelector("main p"), like = one.cloneNode(true)
                one.after(like)
                const { left, top, width, height } = like.getBoundingClientRect()
                const ground = document.createElement("div")
                Object.assign(ground.style, {
                    position: "absolute", zIndex: -1, background: "#777",
                    left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px`,
                })
                document.body.append(ground)
            }"""
        )
        assert any("color-contrast" in found for found in violations(page, COLOURS, where))
