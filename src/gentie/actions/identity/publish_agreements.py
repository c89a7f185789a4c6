"""Publish the service agreement of each regime, where it says something new."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.agreement import write_agreement
from gentie.accounts.model import AgreementVersion
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Regime
from gentie.kernel.actor import Actor


@fulfils("2017-6.1a")
def publish_agreements(
    tx: sa.Connection, regimes: Iterable[Regime], *, acting: Actor, now: datetime
) -> list[AgreementVersion]:
    """Make a new version for each regime whose text has changed. Returns the new ones.

    In force at once; who accepted an earlier version has the regime's grace to read it. Done at
    every start, also by several processes at once.
    """
    acting.require("agreement:publish")
    return [version for regime in regimes if (version := _publish(tx, regime, now))]


def _publish(tx: sa.Connection, regime: Regime, now: datetime) -> AgreementVersion | None:
    newest, text = store.newest_agreement(tx, regime.id), write_agreement(regime)
    if newest is not None and newest.text == text:
        return None
    version = AgreementVersion(
        regime=regime.id,
        number=newest.number + 1 if newest else 1,
        policy=regime.policy,
        in_force_from=now,
        text=text,
    )
    return version if store.add_agreement(tx, version) else None
