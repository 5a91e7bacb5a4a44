"""The rule for a legal basis: it names a law by its title in 《》, followed by an article."""

import re

EXAMPLE = "《中华人民共和国政府信息公开条例》第十四条"
HINT = f"写明法律法规名称和条款，例如：{EXAMPLE}。"
TITLE = r"《[^《》]*[^《》\s][^《》]*》"
ARTICLE = r"第\s*[0-9０-９〇零一二三四五六七八九十百千]+\s*条"


def citation_refusal_reason(basis: str) -> str:
    """Why the text does not name a law; empty when it does."""
    if re.search(f"{TITLE}.*{ARTICLE}", basis, re.DOTALL):
        return ""
    missing = "第几条" if re.search(TITLE, basis) else "法律法规的名称（放在《》里）和第几条"
    return f"请写明{missing}，例如：{EXAMPLE}。"
