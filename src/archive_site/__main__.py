"""`python -m archive_site` is the command."""

import sys

from archive_site.cli.main import main

sys.exit(main())
