"""Which addresses belong to the public internet.

Python's own judgement (`is_global`) has changed between versions and leaves gaps, such as multicast and the addresses
that wrap others. So there is a list of our own, after the registries of special-purpose addresses, and both have to
agree.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_SPECIAL = [
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # between a provider and its customers
        "127.0.0.0/8",  # this machine
        "169.254.0.0/16",  # link-local, and the metadata services of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # automatic multicast tunnelling
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "2001::/23",  # protocol assignments, with Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: wraps any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
]
# Everything public lies in here. Outside are the mapped, compatible and translated forms of IPv4 addresses
# (::ffff:0:0/96, ::/96, 64:ff9b::/96, 64:ff9b:1::/48), this machine, unique local, link-local, site-local, multicast.
_UNICAST: IPv6Network = IPv6Network("2000::/3")


def is_public(address: str) -> bool:
    """Whether the IP address, in its plain notation, belongs to the public internet. False for anything else."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and (ip.scope_id or ip not in _UNICAST):
        return False
    return ip.is_global and not ip.is_multicast and not any(_contains(network, ip) for network in _SPECIAL)


def _contains(network: object, ip: IPv4Address | IPv6Address) -> bool:
    return getattr(network, "version", 0) == ip.version and ip in network  # type: ignore[operator]
