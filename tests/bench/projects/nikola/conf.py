BLOG_AUTHOR = BLOG_TITLE = BLOG_DESCRIPTION = "Mesure"
BLOG_EMAIL = "a@example.org"
SITE_URL = "https://example.org/"
DEFAULT_LANG = "fr"
TRANSLATIONS = {"fr": ""}
THEME = "plain"
COMPILERS = {"markdown": [".md"]}
MARKDOWN_EXTENSIONS = ["footnotes"]
POSTS = ()
PAGES = (("textes/*.md", "textes", "page.tmpl"),)
PAGE_INDEX = True
GENERATE_RSS = GENERATE_ATOM = COPY_SOURCES = False
DISABLED_PLUGINS = [
    "sitemap",
    "robots",
    "classify_archive",
    "classify_tags",
    "classify_categories",
    "classify_authors",
    "render_galleries",
    "copy_assets",
    "create_bundles",
]
