"""Which addresses are fetched from: those of the public web, in plain notation, and no other spelling of any other."""

import pytest

from tests.upstream.safe_fetch.strangers import Names
from upstream.safe_fetch import FetchRefused, Unreachable, fetch
from upstream.safe_fetch.networks import is_public
from upstream.safe_fetch.targets import parse_target

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "192.0.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255"]
PUBLIC += ["100.128.0.1", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"]
INSIDE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:53aa:64c::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
]
SPELLINGS = [
    "http://127.1/",
    "http://127.0.1/",
    "http://0x7f.1/",
    "http://0x7f.0.0.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.0.0.01/",
    "http://127.0.0.0x1/",
    "http://127.0.0.1./",
    "http://1.2.3.4.5/",
    "http://256.0.0.1/",
    "http://0/",
    "http://0x/",
    "http://example.0x/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[::1/",
    "http://[::1]x/",
    "http://[v1.a]/",
    "http://[127.0.0.1]/",
    "http://１２７.0.0.1/",
    "http://①②⑦.0.0.1/",
    "http://127。0。0。1/",
    "http://127．0．0．1/",
    "http://127.0.0.1%2f.example.com/",
    "http://%31%32%37.0.0.1/",
    "http://%6c%6f%63alhost/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://ⓛocalhost/",
    "http://intranet/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/",
]
STRANGE = [
    "",
    "picture.png",
    "//example.com/picture.png",
    "/etc/passwd",
    "file:///etc/passwd",
    "ftp://example.com/a.png",
    "gopher://example.com/",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "http:example.com/a.png",
    "http:/example.com/a.png",
    "http:///a.png",
    "http://",
    "http://?a",
    "http://:80/",
    "http://user@example.com/",
    "http://user:password@example.com/",
    "http://@example.com/",
    "http://example.com@127.0.0.1/",
    "http://example.com\\@127.0.0.1/",
    "http:\\\\example.com/",
    "http://example.com:22/",
    "http://example.com:8080/",
    "http://example.com:443/",
    "https://example.com:80/",
    "http://example.com:0/",
    "http://example.com:65536/",
    "http://example.com:-80/",
    "http://example.com:８０/",
    "http://example.com:80:80/",
    "http://example.com:x/",
    " http://example.com/",
    "http://example.com/a b.png",
    "http://example.com/\r\nHost: other",
    "http://exa\tmple.com/",
    "http://exam\x00ple.com/",
    "http://example..com/",
    "http://.example.com/",
    "http://example.com../",
    "http://-example.com/",
    "http://exam!ple.com/",
    "http://exam ple.com/",
    "http://exam<ple.com/",
    "http://℀.example.com/",
    "http://" + "a" * 64 + ".com/",
    "http://" + "a." * 130 + "com/",
    "http://example.com/" + "a" * 4000,
    "http://example.com/\ud800",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_these_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INSIDE)
def test_these_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("text", ["", "example.com", "1.1.1", "1.1.1.1.1", "0x1", "1.1.1.1/32"])
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)


@pytest.mark.parametrize("url", SPELLINGS + STRANGE)
async def test_no_spelling_gets_through_and_no_name_is_even_looked_up(url: str) -> None:
    names = Names(example_com=[["127.0.0.1"]])
    with pytest.raises(FetchRefused):
        await fetch(url, resolve=names)
    assert names.asked == []


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(FetchRefused):
        await fetch("http://pictures.example/a.png", resolve=Names(pictures_example=[[address]]))


@pytest.mark.parametrize("found", [["1.1.1.1", "127.0.0.1"], ["::1", "2606:4700:4700::1111"], ["1.1.1.1", "nonsense"]])
async def test_one_address_inside_is_enough_to_refuse_all_of_a_name(found: list[str]) -> None:
    with pytest.raises(FetchRefused):
        await fetch("https://pictures.example/a.png", resolve=Names(pictures_example=[found]))


async def test_a_name_that_nobody_knows_cannot_be_reached() -> None:
    with pytest.raises(Unreachable):
        await fetch("https://nowhere.example/a.png", resolve=Names())
    with pytest.raises(Unreachable):
        await fetch("https://empty.example/a.png", resolve=Names(empty_example=[[]]))


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://example.com", "example.com", 443, "/"),
        ("HTTPS://EXAMPLE.com./A?b=c#d", "example.com", 443, "/A?b=c"),
        ("http://example.com:80/a.png", "example.com", 80, "/a.png"),
        ("https://example.com:443?x", "example.com", 443, "/?x"),
        ("https://example.com:/a", "example.com", 443, "/a"),
        ("https://straße.example/ß.png", "xn--strae-oqa.example", 443, "/ß.png"),
        ("https://ｅｘａｍｐｌｅ.com/", "example.com", 443, "/"),
        ("https://img_1.example.com/", "img_1.example.com", 443, "/"),
        ("https://1.1.1.1/a", "1.1.1.1", 443, "/a"),
        ("https://[2606:4700:4700:0::1111]/a", "2606:4700:4700::1111", 443, "/a"),
        ("https://3com.4com/", "3com.4com", 443, "/"),
        ("https://example.com//a/../b", "example.com", 443, "//a/../b"),
    ],
)
def test_ordinary_addresses_are_read(url: str, host: str, port: int, path: str) -> None:
    target = parse_target(url)
    assert (target.host, target.port, target.path) == (host, port, path)


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("http://127.0.0.1:9000/a", True),
        ("http://127.0.0.1/a", False),
        ("http://pictures.example/a", True),
        ("https://pictures.example/a", True),
        ("http://PICTURES.example./a", True),
        ("http://other.pictures.example/a", False),
        ("http://[::1]:9000/a", True),
        ("http://[0::1]:9000/a", True),
        ("http://intranet/a", True),
    ],
)
def test_the_operator_vouches_for_hosts_and_ports_and_nothing_beside_them(url: str, listed: bool) -> None:
    allowed = ["127.0.0.1:9000", "pictures.example", "[::1]:9000", "intranet"]
    assert parse_target(url, allowed_hosts=allowed).listed == listed


@pytest.mark.parametrize("url", ["http://127.0.0.1:9001/a", "http://pictures.example:9000/a", "http://[::1]:9001/a"])
def test_another_port_of_a_listed_host_is_refused(url: str) -> None:
    with pytest.raises(FetchRefused):
        parse_target(url, allowed_hosts=["127.0.0.1:9000", "127.0.0.1", "pictures.example", "[::1]:9000"])
