"""The migrations of `feedback`, and one more: what a later version might add while this one still serves."""

from pathlib import Path

from feedback import migrations

__path__ = [str(Path(__file__).parent), *migrations.__path__]
LAST = max(path.stem for path in Path(migrations.__path__[0]).glob("0*.py"))
