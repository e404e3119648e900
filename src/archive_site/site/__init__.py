"""Files of the site other than pages, and checks of the finished site."""
