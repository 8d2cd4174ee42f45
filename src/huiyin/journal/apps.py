from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "huiyin.journal"
    label = "journal"

    def ready(self) -> None:
        """The organisation stands above the journal and may not import it: hand the writer up."""
        from huiyin.journal.services import record_action
        from huiyin.organization.recording import use_recorder

        use_recorder(record_action)
