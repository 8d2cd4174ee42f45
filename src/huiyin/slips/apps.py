from django.apps import AppConfig


class SlipsConfig(AppConfig):
    name = "huiyin.slips"
    label = "slips"

    def ready(self) -> None:
        from huiyin.cases import hooks
        from huiyin.cases.sections import register_section, register_step_page
        from huiyin.organization.services.units import register_unit_matters
        from huiyin.slips.projection import project_slip, project_slips
        from huiyin.slips.section import case_section
        from huiyin.slips.selectors import OF_UNIT

        hooks.project_events(project_slip)
        hooks.project_histories(project_slip, project_slips)
        register_section(case_section)
        register_unit_matters(OF_UNIT)
        register_step_page("slip_issued", "slips:issue")
