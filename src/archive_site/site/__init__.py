"""The files beside the pages, and the checks over the finished site."""
