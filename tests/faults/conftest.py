from tests.whole import quick_hashes as quick_hashes  # noqa: PLC0414 a fixture for all
from tests.whole import whole as whole  # noqa: PLC0414 the same
