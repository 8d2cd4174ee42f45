from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotifyConfig(AppConfig):
    name = "huiyin.notify"
    label = "notify"

    def ready(self) -> None:
        from huiyin.notify import effects  # noqa: F401  registers the handlers
        from huiyin.organization.models import Capability
        from huiyin.organization.settings_index import SettingsPlace, register_settings

        register_settings(
            SettingsPlace(
                "notify:robots",
                _("群机器人"),
                _("超时和上报发到企业微信、钉钉或飞书的群里"),
                "speakerphone",
                (Capability.ADMIN,),
                65,
            )
        )
        register_settings(
            SettingsPlace(
                "notify:preference", _("通知方式"), _("要不要发邮件，什么时候不打扰"), "bell", (), 210
            )
        )
