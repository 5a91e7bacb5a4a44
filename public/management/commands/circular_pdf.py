"""Writes a circular as PDF, for offices without an office program of their own."""

import os
import shutil
import subprocess
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from common.commands import WritingCommand
from public.exports.circular import circular_name, write_circular
from public.read_models.bulletin import bulletin
from public.read_models.circular import build_circular

CONVERTERS = ("soffice", "libreoffice")
TIMEOUT_SECONDS = 180
FONTS = settings.BASE_DIR / "deploy" / "paper-fonts.conf"


class Command(WritingCommand):
    help = (
        "Writes the 督查通报 of a released quarter as PDF, by an office program of this machine if"
        " it has one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("quarter", help="2013-2")
        parser.add_argument("folder", type=Path, help="where the file goes; it must exist")

    def handle(self, *args: str, quarter: str, folder: Path, **options: object) -> None:
        program = next(filter(None, map(shutil.which, CONVERTERS)), None)
        if program is None:
            raise CommandError(
                "这台机器上没有 LibreOffice，不能生成 PDF；请下载 Word 版，用办公软件另存为 PDF。"
            )
        year, _, index = quarter.partition("-")
        released = (
            bulletin(int(year), int(index)) if year.isdecimal() and index.isdecimal() else None
        )
        if released is None:
            raise CommandError(f"{quarter} 没有已公布的公报。季度写作 2013-2。")
        target = folder / f"{circular_name(released)}.pdf"
        with TemporaryDirectory() as scratch:
            word = Path(scratch) / "circular.docx"
            word.write_bytes(write_circular(build_circular(released, at=timezone.now())).read())
            self._convert(program, word)
            shutil.copyfile(word.with_suffix(".pdf"), target)
        self.stdout.write(f"已生成 {target}")

    def _convert(self, program: str, word: Path) -> None:
        """Runs the converter in its own profile, apart from any running office and its settings."""
        profile = f"-env:UserInstallation={(word.parent / 'profile').as_uri()}"
        command = [
            program,
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(word.parent),
            str(word),
        ]
        environment = os.environ | {"FONTCONFIG_FILE": str(FONTS)}
        try:
            subprocess.run(
                command, check=True, capture_output=True, timeout=TIMEOUT_SECONDS, env=environment
            )
        except (subprocess.SubprocessError, OSError) as problem:
            raise CommandError(f"转换没有成功：{problem}") from problem
        if not word.with_suffix(".pdf").exists():
            raise CommandError("转换没有成功：没有得到 PDF。")
