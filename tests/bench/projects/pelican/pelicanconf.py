SITENAME = "Mesure"
TIMEZONE = "UTC"
DEFAULT_LANG = "fr"
THEME = "theme"
DIRECT_TEMPLATES = ["index"]
ARTICLE_SAVE_AS, ARTICLE_URL = "{slug}/index.html", "{slug}/"
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
CACHE_CONTENT = False
MARKDOWN = {"extensions": ["footnotes", "meta"], "output_format": "html5"}
