"""What works and what does not, on one page, each fault with a fix: `manage.py doctor`."""

from collections.abc import Iterator

from ops.doctor import address, configuration, database, disk, layer, streaming, upgrade
from ops.doctor.asked import Asked
from ops.doctor.finding import Check, Finding, bounded

HERE: list[Check] = [
    configuration.secret_key,
    configuration.debug,
    configuration.deployment,
    configuration.hosts,
    configuration.proxies,
    configuration.limits,
    configuration.processes,
    database.database,
    layer.layer,
    disk.space,
    disk.static_files,
]
THERE: list[Check] = [address.parts, address.page, address.metrics, address.debug, upgrade.upgrade, streaming.streaming]


def examine(asked: Asked) -> Iterator[Finding]:
    """Look at the settings and services, and at the address if one was given. Nothing is written anywhere."""
    yield from bounded(HERE, asked)
    if asked.url:
        reached = list(bounded([address.reached], asked))
        yield from reached
        if not any(finding.is_fault for finding in reached):
            yield from bounded(THERE, asked)
