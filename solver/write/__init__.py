"""What goes out: the result as a JSON document; workbooks, forms and the screen beside it.

result_document(recommendation, language)   the document of CONTRACT section 4
retold(document, scenario, language)        the same in another language, without solving again
warning(notice, language)                   one warning of it
import_report(imported, summary, language)  laporan-impor.xlsx, what an import read and doubts
"""

from __future__ import annotations

from solver.write.document import document as result_document
from solver.write.document import warning
from solver.write.retelling import retold
from solver.write.sipd_report import report as import_report

__all__ = ["import_report", "result_document", "retold", "warning"]
