"""What counts as naming a law: its title in 《》 and the article after it. Pure; what was typed is kept as it is."""

import re

EXAMPLE = "《中华人民共和国政府信息公开条例》第十四条"
HINT = f"写明法律法规名称和条款，例如：{EXAMPLE}。"
TITLE = r"《[^《》]*[^《》\s][^《》]*》"
ARTICLE = r"第\s*[0-9０-９〇零一二三四五六七八九十百千]+\s*条"


def citation_refusal_reason(basis: str) -> str:
    """Why these words do not name a law; empty when they do."""
    if re.search(f"{TITLE}.*{ARTICLE}", basis, re.DOTALL):
        return ""
    lacks = "第几条" if re.search(TITLE, basis) else "法律法规的名称（放在《》里）和第几条"
    return f"请写明{lacks}，例如：{EXAMPLE}。"
