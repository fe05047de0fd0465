"""``python -m rag`` is the ``yinju`` command."""

import sys

from rag.cli import main

sys.exit(main())
