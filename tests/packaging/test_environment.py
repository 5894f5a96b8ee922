from pathlib import Path

from tasks import environment


def _venv(folder: Path, version: str) -> Path:
    python = environment.python_of(folder)
    python.parent.mkdir(parents=True)
    python.touch()
    (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n", encoding="utf-8")
    return folder


def test_version_is_read_from_the_environment_without_starting_it(tmp_path: Path) -> None:
    """The version of an environment comes from its configuration file."""
    assert environment.version_of(_venv(tmp_path / "venv", "3.11.7")) == "3.11.7"


def test_a_folder_without_configuration_is_no_environment(tmp_path: Path) -> None:
    """A folder that is no virtual environment has no version and is not ready."""
    assert environment.version_of(tmp_path) is None
    assert not environment.is_ready(tmp_path, "run")


def test_an_environment_without_a_stamp_is_not_ready(tmp_path: Path) -> None:
    """An installation that was cut short left no stamp, so it is taken up again."""
    assert not environment.is_ready(_venv(tmp_path / "venv", "3.11.7"), "run")


def test_an_environment_with_the_right_stamp_is_ready(tmp_path: Path) -> None:
    """The stamp of the present lock and Python makes an environment ready."""
    venv = _venv(tmp_path / "venv", "3.11.7")
    stamp = environment.fingerprint(environment.LOCKS["run"], "3.11.7")
    (venv / ".sobremesa-run").write_text(stamp, encoding="utf-8")
    assert environment.is_ready(venv, "run")
    assert not environment.is_ready(venv, "dev")


def test_the_developers_environment_serves_the_program_too(tmp_path: Path) -> None:
    """The environment with the tools needs no second installation to run the program."""
    venv = _venv(tmp_path / "venv", "3.12.1")
    stamp = environment.fingerprint(environment.LOCKS["dev"], "3.12.1")
    (venv / ".sobremesa-dev").write_text(stamp, encoding="utf-8")
    assert environment.is_ready(venv, "run")


def test_another_python_makes_the_stamp_stale(tmp_path: Path) -> None:
    """An environment stamped for another Python is installed again."""
    venv = _venv(tmp_path / "venv", "3.12.1")
    stamp = environment.fingerprint(environment.LOCKS["run"], "3.11.7")
    (venv / ".sobremesa-run").write_text(stamp, encoding="utf-8")
    assert not environment.is_ready(venv, "run")


def test_the_stamp_changes_with_the_lock(tmp_path: Path) -> None:
    """A lock with another line has another stamp; another line ending alone has not."""
    lock = tmp_path / "lock.txt"
    lock.write_bytes(b"a==1\n")
    first = environment.fingerprint(lock, "3.11.7")
    lock.write_bytes(b"a==1\r\n")
    assert environment.fingerprint(lock, "3.11.7") == first
    lock.write_bytes(b"a==2\n")
    assert environment.fingerprint(lock, "3.11.7") != first


def test_a_path_file_nobody_expects_is_named(tmp_path: Path) -> None:
    """A new *.pth file in the installed packages is found; those that were read before are not reported."""
    for name in ("distutils-precedence.pth", "litellm_init.pth", "harmless.py"):
        (tmp_path / name).touch()
    assert environment.unexpected_pth(tmp_path) == ["litellm_init.pth"]
