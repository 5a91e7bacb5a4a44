from tasks.querysets import source_document_fields


def _with_places(rows):
    return rows.select_related("task", "period__plan").defer(
        *source_document_fields("period__plan"), "task__search_text"
    )
