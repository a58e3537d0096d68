//! What LLVM gets to compile, by the line.

use std::io;

use crate::compile::{Crate, Workspace};

/// The instructions of all functions of the crate as LLVM gets them, with the generic code of other crates that it makes its own copies of.
///
/// # Errors
///
/// If the crate cannot be compiled.
pub fn lines(workspace: &Workspace, krate: Crate) -> io::Result<u64> {
    Ok(functions(&workspace.llvm_ir(krate)?).iter().map(|function| function.lines).sum())
}

/// A function of the intermediate representation.
pub struct Function<'a> {
    /// Its symbol.
    pub name: &'a str,
    pub lines: u64,
}

/// The functions, as they stand there. Labels do not count, nor do the cases of a `switch`, which stand on lines of their own.
pub fn functions(ir: &str) -> Vec<Function<'_>> {
    let mut functions = Vec::new();
    for line in ir.lines() {
        if line.starts_with("define ") {
            let name = line.split_once('@').map_or(line, |(_, rest)| rest);
            functions.push(Function { name: name.split_once('(').map_or(name, |(name, _)| name), lines: 0 });
        } else if let (true, Some(function)) = (is_instruction(line), functions.last_mut()) {
            function.lines += 1;
        }
    }
    functions
}

fn is_instruction(line: &str) -> bool {
    line.strip_prefix("  ").is_some_and(|line| !line.starts_with([' ', ']']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_instructions_of_functions() {
        let ir = "@word = constant i8 1\n\n; telemetry::length\ndefine i64 @length(ptr %value) unnamed_addr #0 {\nstart:\n  \
                  switch i64 %0, label %bb1 [\n    i64 0, label %bb2\n  ]\n\nbb1:\n  ret i64 0\n}\n\n\
                  declare void @other()\n\ndefine void @empty() {\n  ret void\n}\n";
        let found: Vec<_> = functions(ir).iter().map(|function| (function.name, function.lines)).collect();
        assert_eq!(found, [("length", 2), ("empty", 1)]);
    }
}
