"""``python -m govie`` is ``govie``."""

import sys

from govie.cli import main

sys.exit(main())
