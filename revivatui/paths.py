"""Where the desk keeps its files."""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path

from revivatui.state.records import dataclass


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders and files of one installation, or of one throw-away demo."""

    config_file: Path
    data: Path
    """Cache, drafts, the send journal; credentials where there is no keyring."""
    logs: Path
    exports: Path | None = None
    """Where files go that the agent asks for; None: where the platform wants downloads."""

    @property
    def downloads(self) -> Path:
        """The folder of files that the agent asks for."""
        if self.exports is not None:
            return self.exports
        from platformdirs import user_downloads_path

        return user_downloads_path()

    @classmethod
    def default(cls) -> Paths:
        """Where the platform wants them; `REVIVATUI_CONFIG` names another settings file."""
        from platformdirs import PlatformDirs

        places = PlatformDirs("revivatui", appauthor=False)
        named = os.environ.get("REVIVATUI_CONFIG")
        config = Path(named) if named else Path(places.user_config_dir) / "revivatui.toml"
        return cls(config, Path(places.user_data_dir), Path(places.user_log_dir))

    @classmethod
    def under(cls, folder: Path) -> Paths:
        """Everything in one folder."""
        return cls(
            folder / "revivatui.toml", folder / "data", folder / "logs", folder / "downloads"
        )

    def cache_file(self, profile: str, account_id: int, server: str) -> Path:
        """What is kept of one account of one server; `server` names it for good."""
        host = _plain(server.rpartition("://")[2].partition("/")[0])[:40]
        mark = f"{zlib.crc32(server.encode()):08x}"
        return self.data / f"{_plain(profile)}-{account_id}-{host}-{mark}.sqlite3"

    def alerts_file(self, profile: str, account_id: int, server: str, user_id: int) -> Path:
        """The alerts that an agent's desk had; named as what else is kept of the desk."""
        kept = self.cache_file(profile, account_id, server)
        return kept.with_name(f"{kept.stem}-alerts-{user_id}.jsonl")

    def learned_file(self, profile: str, account_id: int, server: str) -> Path:
        """What the copilot learned in this profile; named as what else is kept of the desk."""
        kept = self.cache_file(profile, account_id, server)
        return kept.with_name(f"{kept.stem}-copilot.sqlite3")

    def old_cache_file(self, profile: str, account_id: int) -> Path:
        """Where it was kept before the server had a part in the name."""
        return self.data / f"{_plain(profile)}-{account_id}.sqlite3"

    @property
    def minilm_file(self) -> Path:
        """The weights of MiniLM, where somebody put them (`revivatui copilot minilm`)."""
        return self.data / "minilm.safetensors"

    @property
    def credentials_file(self) -> Path:
        return self.data / "credentials.json"

    @property
    def log_file(self) -> Path:
        return self.logs / "revivatui.log"

    def make(self) -> None:
        """Make the folders, for the user alone."""
        for folder in (self.data, self.logs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _plain(name: str) -> str:
    """A name as part of a file's name."""
    return re.sub(r"[^\w.-]", "_", name)
