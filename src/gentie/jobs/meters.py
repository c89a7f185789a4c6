"""What an operator watches of the jobs."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from gentie.storage.outbox import Backlog


class Meters:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.messages = Counter(
            "gentie_messages_total",
            "Messages that were handled or failed.",
            ("topic", "outcome"),
            registry=registry,
        )
        self.seconds = Histogram(
            "gentie_message_seconds", "Time a handler took.", ("topic",), registry=registry
        )
        self.tasks = Counter(
            "gentie_task_runs_total",
            "Runs of recurring tasks.",
            ("task", "outcome"),
            registry=registry,
        )
        self.waiting = Gauge(
            "gentie_messages_waiting", "Messages not yet handled.", registry=registry
        )
        self.dead = Gauge(
            "gentie_messages_dead", "Messages laid aside after many failures.", registry=registry
        )

    def show(self, backlog: Backlog) -> None:
        self.waiting.set(backlog.waiting)
        self.dead.set(backlog.dead)
