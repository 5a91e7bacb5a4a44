from progress.choices import ReportStatus

# What may follow what; the actions of these names are the only ones that write the status.
MOVES: dict[str, list[ReportStatus]] = {
    "save_draft": [ReportStatus.DRAFT, ReportStatus.RETURNED],
    "submit": [ReportStatus.DRAFT, ReportStatus.RETURNED],
    "send_to_sign": [ReportStatus.DRAFT, ReportStatus.RETURNED],
    "sign": [ReportStatus.SIGNING],
    "hand_back": [ReportStatus.SIGNING],
    "recall": [ReportStatus.SIGNING],
    # The signed scan may follow the report out of the house, until it is assessed.
    "add_signed_form": [ReportStatus.DRAFT, ReportStatus.RETURNED, ReportStatus.SIGNING, ReportStatus.SUBMITTED],
    "verify": [ReportStatus.SUBMITTED],
    "return": [ReportStatus.SUBMITTED],
    "release": [ReportStatus.VERIFIED],
}
