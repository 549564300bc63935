"""Jupyter's own conformance suite, against the carbonbook kernel, with every sample filled in."""
import sys
import unittest

import jupyter_kernel_test


class CarbonbookKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "carbonbook"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_page_something = "import { page } from 'carbonbook/kernel'; page('long text')"
    code_generate_error = "throw new Error('wanted')"

    completion_samples = [
        {"text": "Math.hyp", "matches": {"hypot"}},
        {"text": "const ψ = 'ψ𝄞'; ψ.codePo", "matches": {"codePointAt"}},
        {"text": "[1].fla", "matches": {"flat", "flatMap"}},
    ]
    complete_code_samples = ["1", "const x = 3", "function f() { return 1 }", "await null", "`a`"]
    incomplete_code_samples = ["function f() {", "const x = (", "`a", "[1,", "/* note", "if (true) {\n"]
    invalid_code_samples = ["let 3x = 1", "const x = }", "1 1"]

    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": "'a'.repeat(3)", "result": "'aaa'"},
        {"code": "({ depth: 3000 })", "result": "{ depth: 3000 }"},
        {"code": "[{ a: 1 }, { a: 2 }]", "mime": "text/html"},
    ]
    code_display_data = [
        {
            "code": "import { display, mime } from 'carbonbook/kernel';"
            "display(mime({ 'text/html': '<b>3</b>' }))",
            "mime": "text/html",
        },
        {"code": "import { display } from 'carbonbook/kernel'; display(3)", "mime": "text/plain"},
    ]

    code_history_pattern = "1 ? 2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.max"
    code_clear_output = "import { clear } from 'carbonbook/kernel'; clear({ wait: true })"

    def test_history(self):
        # the suite searches for three matches; one run of its samples gives fewer
        for _ in range(3):
            self.flush_channels()
            self.execute_helper("1 + 2")
        super().test_history()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
