from tasks.querysets import paper_of


def _with_places(rows):
    return rows.select_related("task", "period__plan").defer(*paper_of("period__plan"), "task__search_text")
