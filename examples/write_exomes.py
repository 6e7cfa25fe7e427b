"""Write the example exomes: python examples/write_exomes.py FOLDER [NAME.ASSEMBLY ...]."""

import sys
from pathlib import Path

from varmio import demo
from varmio.model import Assembly


def main(folder: str, *names: str) -> None:
    """Write `NAME.ASSEMBLY.vcf.gz` and its index for each name; for every example without names."""
    for name in names or every_name():
        recipe, assembly = name.rsplit(".", 1)
        demo.write_exome(Path(folder) / f"{name}.vcf.gz", Assembly(assembly), demo.recipe(recipe))


def every_name() -> list[str]:
    return [f"{recipe.name}.{assembly.value}" for recipe in demo.RECIPES for assembly in Assembly]


def arguments(given: list[str]) -> list[str]:
    """The folder and names; the usage line where an option was meant."""
    if any(word.startswith("-") for word in given):
        raise SystemExit(__doc__)
    return given or [str(Path(__file__).parent / "vcf")]


if __name__ == "__main__":
    main(*arguments(sys.argv[1:]))
