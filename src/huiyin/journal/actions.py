"""What people do outside the procedure engine, in the words an auditor reads. Rooms may register more."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.journal.wording import Text, register_names, register_subject

ORGANIZATION: dict[str, Text] = {
    "company_founded": _("建立公司"),
    "unit_created": _("新建部门"),
    "unit_edited": _("修改部门"),
    "unit_moved": _("移动部门"),
    "unit_deactivated": _("停用部门"),
    "unit_reactivated": _("恢复部门"),
    "post_created": _("新建岗位"),
    "post_edited": _("修改岗位"),
    "person_created": _("新建人员"),
    "person_edited": _("修改人员资料"),
    "person_deactivated": _("停用账号"),
    "person_reactivated": _("恢复账号"),
    "person_unlocked": _("解除登录锁定"),
    "person_handed_over": _("移交给他人"),
    "password_reset": _("重设密码"),
    "password_changed": _("修改自己的密码"),
    "second_factor_reset": _("取消两步验证"),
    "own_contact_edited": _("修改自己的联系方式"),
    "own_language_set": _("选择界面语言"),
    "post_given": _("任命岗位"),
    "post_ended": _("结束任职"),
    "post_withdrawn": _("撤回任命"),
    "stand_in_added": _("安排代理"),
    "stand_in_ended": _("结束代理"),
    "shifts_added": _("排班"),
    "shift_changed": _("换班"),
    "shift_removed": _("取消班次"),
    "token_created": _("发放接口密钥"),
    "token_revoked": _("收回接口密钥"),
    "organization_imported": _("导入组织和人员"),
}
CUSTOMERS: dict[str, Text] = {
    "customer_created": _("新建客户"),
    "customer_updated": _("修改客户资料"),
    "customer_closed": _("客户停用"),
    "customer_erased": _("删除客户的个人资料"),
    "customers_merged": _("合并重复的客户"),
    "customer_merged_away": _("并入另一位客户"),
    "phone_added": _("增加电话"),
    "phone_updated": _("修改电话"),
    "phone_removed": _("删除电话"),
    "phone_revealed": _("查看完整电话号码"),
    "place_created": _("新建房屋或场所"),
    "place_updated": _("修改房屋或场所"),
    "place_closed": _("停用房屋或场所"),
    "place_token_renewed": _("更换二维码"),
    "site_created_in_bulk": _("批量新建房屋"),
    "moved_in": _("入住"),
    "moved_out": _("迁出"),
    "household_updated": _("修改住户资料"),
    "resident_added": _("增加住户成员"),
    "resident_left": _("住户成员迁出"),
    "primary_set": _("设为主要联系人"),
}
CASES: dict[str, Text] = {
    "attachment_added": _("加入文件"),
    "attachment_voided": _("撤下文件"),
    "case_customer_merged": _("客户合并，工单随之转到保留的客户"),
    "view_saved": _("保存查看条件"),
    "view_deleted": _("删除查看条件"),
    "cases_exported": _("导出工单"),
}
OTHERS: dict[str, Text] = {
    "notification_acknowledged": _("确认看到通知"),
    "robot_saved": _("保存群机器人"),
    "robot_tried": _("试发群机器人"),
    "notify_preference_saved": _("设置通知方式"),
    "edition_installed": _("安装程序文件版本"),
    "edition_in_force": _("程序文件版本生效"),
    "edition_submitted": _("提交程序文件草案"),
    "edition_countersigned": _("会签程序文件"),
    "edition_approved": _("批准程序文件"),
    "edition_declined": _("退回程序文件草案"),
    "procedure_scoped": _("规定程序文件用于哪里"),
    "procedure_copied": _("打印程序文件受控副本"),
    "draft_saved": _("保存程序文件草稿"),
    "draft_submitted": _("提交程序文件草稿"),
    "draft_dropped": _("删除程序文件草稿"),
    "replay_asked": _("用草案重演以前的工单"),
    "evidence_exported": _("导出条款执行情况"),
    "calendar_revised": _("录入一年的工作日"),
    "import_received": _("收到导入文件"),
    "import_mapped": _("对应导入的列"),
    "import_started": _("开始导入"),
    "import_begun": _("导入开始进行"),
    "import_done": _("导入完成"),
    "report_issued": _("签发报告"),
    "report_approved": _("批准报告"),
    "report_published": _("公布报告"),
    "report_declined": _("退回报告"),
    "report_decided": _("对报告作出决定"),
    "week_reviewed": _("每周审阅"),
    "objective_set": _("设定目标"),
    "form_made": _("打印记录表格"),
    "erasure_asked": _("申请删除过期的资料"),
    "erasure_approved": _("批准删除过期的资料"),
    "erasure_declined": _("不批准删除过期的资料"),
    "demonstration_made": _("生成演示数据"),
}
SUBJECTS: dict[str, Text] = {
    "company": _("公司"),
    "export": _("导出"),
    "procedure": _("程序文件"),
    "draft": _("程序文件草稿"),
    "replay": _("草案重演"),
    "record_form": _("记录表格"),
    "weekly_review": _("每周审阅"),
    "erasure": _("删除申请"),
}


def register_all() -> None:
    for names in (ORGANIZATION, CUSTOMERS, CASES, OTHERS):
        register_names(names)
    for kind, label in SUBJECTS.items():
        register_subject(kind, label)
