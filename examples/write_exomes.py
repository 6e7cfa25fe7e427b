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


if __name__ == "__main__":
    main(*(sys.argv[1:] or [str(Path(__file__).parent / "vcf")]))
