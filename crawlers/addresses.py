"""Refuse to connect to addresses that are not public, after the name was resolved and on every hop."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from zope.interface import implementer  # type: ignore[import-untyped]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_REFUSED = tuple(
    ipaddress.ip_network(each)
    for each in (
        "192.0.0.0/24",  # for protocols; one cloud keeps its metadata service here
        "168.63.129.16/32",  # the address at which another cloud's machines reach their host
        "192.88.99.0/24",  # relays to IPv6, withdrawn
        "fec0::/10",  # private in older standards (RFC 3879); routers may still treat them so
        "3fff::/20",  # for documentation (RFC 9637)
    )
)
"""Addresses that Python counts as global, or not in every version, and no outlet has."""
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})  # RFC 5214: the IPv4 address follows


def is_public(address: str) -> bool:
    """Return whether the address is one of the open internet, also when wrapped in IPv6."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and (ip in _NAT64 or (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    if any(ip in each for each in _REFUSED):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


@implementer(IHostnameResolver)
class PublicResolver:
    """A name resolver that hands out public addresses only.

    Connections are made to the very addresses handed out, so a name that changes its answer between
    check and use gains nothing. Literal addresses (``127.1``, ``0x7f.1``, ``[::1]``) come this way too.
    """

    def __init__(self, inner: Any, allowed: tuple[str, int] | None = None) -> None:
        """Hold back private addresses; ``allowed`` is the host and port of the demo proxy."""
        self._inner = inner
        self._allowed = allowed
        self.refused: dict[str, str] = {}

    def resolveHostName(  # noqa: N802  (Twisted's name)
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Resolve the name and pass on the public addresses found."""
        receiver: Any = resolutionReceiver
        if (hostName, portNumber) != self._allowed:
            receiver = _PublicOnly(resolutionReceiver, hostName, self.refused)
        resolution: IHostResolution = self._inner.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )
        return resolution


@implementer(IResolutionReceiver)
class _PublicOnly:
    def __init__(self, receiver: Any, host: str, refused: dict[str, str]) -> None:
        self._receiver = receiver
        self._host = host
        self._refused = refused

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:  # noqa: N802, N803
        self._refused.pop(self._host, None)
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self._receiver.addressResolved(address)
        else:
            self._refused[self._host] = address.host

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()
