from tasks.querysets import source_document_fields


def with_related(rows):
    return rows.select_related("task", "period__plan").defer(
        *source_document_fields("period__plan"), "task__search_text"
    )
