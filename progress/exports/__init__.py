from progress.exports.sheet import fill_in_sheet

__all__ = ["fill_in_sheet"]
