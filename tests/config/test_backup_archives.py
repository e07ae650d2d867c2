"""Archives that are damaged, forged or of another time: refused before anything is touched, with a sentence."""

import gzip
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.backup.archive import SUFFIXES, BackupError, create_archive, read_members
from config.backup.manifest import verify_archive
from config.backup.swap import Swap
from tests.config.archives import Members, backed_up, contents, manage, rewritten
from tests.hard_rows import hold_hard_rows
from tests.stores import Store


@pytest.fixture(scope="module")
def good(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A backup with rows of every kind and files."""
    folder = tmp_path_factory.mktemp("backups")
    store = template.copy(folder / "data")
    hold_hard_rows(store)
    yield backed_up(store, folder / "good.tar")
    store.drop()


def place_of(path: Path, name: str) -> tuple[int, int]:
    """Where in the tar the member's bytes begin and end."""
    with tarfile.open(path) as tar:
        about = next(one for one in tar if one.name.startswith(name))
        return about.offset_data, about.offset_data + about.size


@pytest.mark.parametrize(
    "name", ["tables/chat.answer/", "files/attachments/", "files/images/", "secret_key", "manifest.json", "SHA256SUMS"]
)
def test_one_wrong_bit_is_found_wherever_it_is(good: Path, tmp_path: Path, name: str) -> None:
    data = bytearray(good.read_bytes())
    start, end = place_of(good, name)
    data[(start + end) // 2] ^= 1
    (tmp_path / "bad.tar").write_bytes(data)

    with pytest.raises(BackupError, match=r"This backup is damaged"):
        verify_archive(tmp_path / "bad.tar")


@pytest.mark.parametrize("kind", ["tar", "tar.gz"])
def test_an_archive_that_ends_early_is_refused_wherever_it_ends(good: Path, tmp_path: Path, kind: str) -> None:
    data = good.read_bytes() if kind == "tar" else gzip.compress(good.read_bytes(), 1)
    bad = tmp_path / f"bad.{kind}"
    end = place_of(good, "SHA256SUMS")[1] if kind == "tar" else len(data) - 9

    for length in (0, 1, 600, len(data) // 3, len(data) // 2, end - 1):
        bad.write_bytes(data[:length])
        with pytest.raises(BackupError, match=r"damaged|no backup"):
            verify_archive(bad)


def test_what_is_no_archive_at_all_is_refused(tmp_path: Path) -> None:
    for data in (b"", b"SQLite format 3\0" * 1000, b"\x1f\x8bnothing", b"\0" * 10_240, gzip.compress(b"x" * 10_000)):
        (tmp_path / "bad.tar").write_bytes(data)
        with pytest.raises(BackupError):
            verify_archive(tmp_path / "bad.tar")


def forged(path: Path, about: tarfile.TarInfo, data: bytes = b"") -> Path:
    """An archive with one member."""
    about.size = len(data)
    with tarfile.open(path, "w") as tar:
        tar.addfile(about, io.BytesIO(data))
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../secret_key",
        "/etc/passwd",
        "files/../../secret_key",
        "files/attachments/00/../../../secret_key",
        "files/attachments/ab/" + "0" * 64,
        "files/attachments/00/" + "0" * 64 + ".html",
        "files/attachments/00/" + "0" * 64 + "\n",
        "files/Attachments/00/" + "0" * 64,
        "tables/chat.answer/1.jsonl",
        "tables/../x.y/000001.jsonl",
        "secret_key/",
        "secret_key2",
        "",
    ],
)
def test_a_member_with_a_name_of_its_own_is_refused(tmp_path: Path, name: str) -> None:
    bad = forged(tmp_path / "bad.tar", tarfile.TarInfo(name), b"x")

    with pytest.raises(BackupError, match=r"This is not a Parley backup|damaged"):
        verify_archive(bad)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_a_member_that_is_no_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    about = tarfile.TarInfo("secret_key")
    about.type, about.linkname = kind, "/etc/passwd"

    with pytest.raises(BackupError, match="This is not a Parley backup"):
        verify_archive(forged(tmp_path / "bad.tar", about))


def test_members_come_once_and_in_their_order(good: Path, tmp_path: Path) -> None:
    found = contents(good)
    file = next(name for name in found if name.startswith("files/"))
    for names in ([file, file], ["secret_key", file], ["manifest.json", "secret_key"]):
        with create_archive(tmp_path / "bad.tar") as archive:
            for name in names:
                archive.add(name, found[name])
        with pytest.raises(BackupError, match="is out of place"):
            verify_archive(tmp_path / "bad.tar")


def test_a_size_that_nobody_wrote_is_not_read_into_memory(tmp_path: Path) -> None:
    about = tarfile.TarInfo("manifest.json")
    about.size = 10**12
    (tmp_path / "bad.tar").write_bytes(about.tobuf() + b"\0" * 10_240)

    with pytest.raises(BackupError, match="too large"):
        verify_archive(tmp_path / "bad.tar")


def changed(**values: object) -> Callable[[Members], None]:
    def change(found: Members) -> None:
        found["manifest.json"] = json.dumps({**json.loads(found["manifest.json"]), **values}).encode()

    return change


def without_a_file(found: Members) -> None:
    del found[next(name for name in found if name.startswith("files/"))]


def with_other_content(area: str) -> Callable[[Members], None]:
    def change(found: Members) -> None:
        name = next(name for name in found if name.startswith(f"files/{area}/") and "." not in name)
        found[name] = b"of another hand"

    return change


def without_the_secret_key(found: Members) -> None:
    del found["secret_key"]


def without_a_manifest(found: Members) -> None:
    del found["manifest.json"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed(format=2), "made by a later version"),
        (changed(product="other"), "not a Parley backup"),
        (changed(rows=None), "damaged"),
        (changed(files={"images": "2"}), "damaged"),
        (changed(migrations=[1]), "damaged"),
        (changed(surprise=1), "damaged"),
        (without_a_file, "doesn’t contain what its manifest counts"),
        (without_the_secret_key, "doesn’t contain what its manifest counts"),
        (without_a_manifest, "damaged"),
        (with_other_content("attachments"), r"the content of attachments/\w\w/\w{64} doesn’t match its name"),
        (with_other_content("images"), r"the content of images/\w\w/\w{64} doesn’t match its name"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    good: Path, tmp_path: Path, change: Callable[[Members], None], said: str
) -> None:
    with pytest.raises(BackupError, match=said):
        verify_archive(rewritten(good, tmp_path / "bad.tar", change))


def test_a_backup_of_a_newer_parley_is_refused_and_nothing_is_made(good: Path, tmp_path: Path) -> None:
    newer = rewritten(good, tmp_path / "newer.tar", changed(version="9.0", migrations=[["chat", "0099_telepathy"]]))
    empty = Store(tmp_path / "empty")
    empty.folder.mkdir()

    done = manage(empty, "restore", newer)

    assert done.returncode == 1
    assert "made by Parley 9.0, which is newer than this one. Update Parley first." in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name for path in empty.folder.iterdir()} <= {"secret_key", "uploads", ".starting"}


@pytest.mark.parametrize("ending", SUFFIXES)
def test_it_says_what_it_is_and_everybody_can_check_it(good: Path, tmp_path: Path, ending: str) -> None:
    path = rewritten(good, tmp_path / f"copy{ending}", lambda _members: None)

    manifest = verify_archive(path)

    assert manifest.rows["accounts.user"] == 4
    assert manifest.files == {"attachments": 2, "documents": 2, "images": 2}
    assert manifest.size == sum(len(data) for name, data in contents(good).items() if name.startswith("files/"))
    with tarfile.open(path) as tar:
        sums = tar.extractfile("SHA256SUMS")
        assert sums
        assert len(sums.read().splitlines()) == len(contents(good)) == len(list(read_members(path))) - 1


def test_a_backup_that_breaks_off_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "parley.tar"
    path.write_bytes(b"the one before")

    def break_off() -> None:
        with create_archive(path) as archive:
            archive.add("secret_key", b"x")
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        break_off()

    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("parley.tar", b"the one before")]


def test_things_take_their_places_all_or_none(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text("old")
    swap = Swap("now")
    for name in ("one", "two"):
        swap.add(tmp_path / name).write_text("new")
    (tmp_path / "two.before-restore-now").mkdir()
    (tmp_path / "two.before-restore-now" / "in the way").touch()

    with pytest.raises(OSError, match="two"):
        swap.commit()

    assert [(tmp_path / name).read_text() for name in ("one", "two")] == ["old", "old"]
    swap.undo()
    assert not list(tmp_path.glob("*.restoring-*"))
