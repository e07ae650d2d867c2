"""Which pictures look alike: groups by their fingerprints, so that they can be decided about together.

Every member of a group is near its first picture, the oldest; groups do not grow in chains.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from imaging.fingerprints import NEAR

_BANDS = 4
# Every fourth bit belongs to one band: neighbouring bits tell much the same, and would share crowded buckets.
_MASKS = tuple(sum(1 << bit for bit in range(band, 64, _BANDS)) for band in range(_BANDS))
_FLIPS = tuple((0, *(1 << bit for bit in range(band, 64, _BANDS))) for band in range(_BANDS))
# Of two fingerprints that differ in NEAR bits at most, one band out of four differs in one bit at most.
assert NEAR // _BANDS <= 1


def similar_fingerprints(fingerprint: str, others: Iterable[str]) -> set[str]:
    """Those among the others that look like this one. A picture without a fingerprint looks like none."""
    own = fingerprint_number(fingerprint)
    if own is None:
        return set()
    return {
        other
        for other in others
        if (found := fingerprint_number(other)) is not None and (own ^ found).bit_count() <= NEAR
    }


def group_fingerprints(fingerprints: Sequence[str]) -> Iterator[list[int]]:
    """The places of the pictures, in groups that are found as they are asked for; groups, and the members of each, are
    in the order given.

    Compares only what shares a band, so that ten thousand take a moment and not a hundred million comparisons.
    """
    numbers = [fingerprint_number(fingerprint) for fingerprint in fingerprints]
    buckets: list[dict[int, list[int]]] = [defaultdict(list) for _ in _MASKS]
    for place, value in enumerate(numbers):
        if value is not None:
            for mask, bucket in zip(_MASKS, buckets, strict=True):
                bucket[value & mask].append(place)
    taken = bytearray(len(numbers))
    for place, value in enumerate(numbers):
        if taken[place]:
            continue
        taken[place] = 1
        group = [place]
        if value is not None:
            for other in sorted(_candidates(value, buckets)):
                if not taken[other] and (value ^ (numbers[other] or 0)).bit_count() <= NEAR:
                    taken[other] = 1
                    group.append(other)
        yield group


def fingerprint_number(fingerprint: str) -> int | None:
    """The 64 bits; None where there are none, or others than ours."""
    if len(fingerprint) != 16:
        return None
    try:
        return int(fingerprint, 16)
    except ValueError:
        return None


def _candidates(value: int, buckets: Sequence[Mapping[int, list[int]]]) -> set[int]:
    """What has a band that differs in one bit at most."""
    found: set[int] = set()
    for mask, flips, bucket in zip(_MASKS, _FLIPS, buckets, strict=True):
        bits = value & mask
        for flip in flips:
            if bits ^ flip in bucket:
                found.update(bucket[bits ^ flip])
    return found
