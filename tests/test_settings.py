from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import Settings


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    assert Settings.load(path) == Settings()
    Settings(passages=3, threshold=0.25).save(path)
    assert Settings.load(path) == Settings(passages=3, threshold=0.25)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not readable"),
        ("[]", "one JSON object"),
        ('{"pasages": 3}', "No setting 'pasages'"),
        ('{"passages": 0}', "from 1"),
        ('{"passages": "x"}', "cannot be used"),
    ],
)
def test_a_setting_that_cannot_be_used_is_an_error(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(content)
    with pytest.raises(SettingsError, match=words):
        Settings.load(path)
