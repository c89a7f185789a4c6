"""Rules of this house that no linter knows. Each has its reason; each is tested on a fault."""

import sys


def main() -> int:
    return 0


if __name__ == "__main__":
    sys.exit(main())
