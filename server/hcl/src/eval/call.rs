//! Calls: arguments checked against the signature, then the function itself. `try` and `can` evaluate lazily.

use syntax::hcl::ast::{AstNode, Call, Expr};
use text::TextRange;

use super::Evaluator;
use crate::diagnostic::{EvalDiagnostic, code};
use crate::function::{CallError, Function, Run};
use crate::scope::Scope;
use crate::suggest::suggest;
use crate::value::{TypeCall, Unknown, Value, convert, unknown_of};

/// An argument and where it is.
struct Argument {
    value: Value,
    range: TextRange,
}

impl Evaluator {
    pub(super) fn call(&mut self, call: &Call, scope: &dyn Scope) -> Value {
        let name = call.full_name();
        if scope.is_type(&name) {
            let args = call.args().map(|arg| self.expr(&arg, scope)).collect();
            return Value::Type(TypeCall { name: name.into(), args });
        }
        let Some(function) = scope.function(&name) else {
            let mut detail = format!("There is no function named {name:?}.");
            if let Some(near) = suggest(&name, scope.function_names()) {
                detail.push_str(&format!(" Did you mean {near:?}?"));
            }
            let summary = "Call to unknown function";
            return self.mistake(call.name_range(), code::UNKNOWN_FUNCTION, summary, detail);
        };
        match function.run {
            Run::Try => self.call_try(call, scope),
            Run::Can => self.call_can(call, scope),
            Run::Values(run) => {
                let Some(args) = self.arguments(call, function, scope) else { return Value::lost() };
                let values: Vec<Value> = args.iter().map(|arg| arg.value.clone()).collect();
                if let Some(unknown) = unknown_of(&values) {
                    return Value::Unknown(unknown);
                }
                self.finish(call, function, &args, run(&values, scope))
            }
            Run::WithUnknown(run) => {
                let Some(args) = self.arguments(call, function, scope) else { return Value::lost() };
                let values: Vec<Value> = args.iter().map(|arg| arg.value.clone()).collect();
                self.finish(call, function, &args, run(&values, scope))
            }
        }
    }

    fn finish(
        &mut self,
        call: &Call,
        function: &Function,
        args: &[Argument],
        result: Result<Value, CallError>,
    ) -> Value {
        match result {
            Ok(value) => value,
            Err(CallError::Failed(message)) => self.failed(call, function.name, &message),
            Err(CallError::Argument(at, message)) => {
                let range = args.get(at).map_or(call.range(), |arg| arg.range);
                let param = function.param(at).map_or("", |param| param.name);
                self.invalid_argument(range, param, &message)
            }
        }
    }

    fn failed(&mut self, call: &Call, name: &str, message: &str) -> Value {
        self.mistake(
            call.range(),
            code::FUNCTION_CALL,
            "Error in function call",
            format!("Call to function {name:?} failed: {message}."),
        )
    }

    fn invalid_argument(&mut self, range: TextRange, param: &str, message: &str) -> Value {
        self.mistake(
            range,
            code::FUNCTION_ARGUMENT,
            "Invalid function argument",
            format!("Invalid value for {param:?} parameter: {message}."),
        )
    }

    /// The arguments, converted; `None` when they do not fit, which was reported then.
    fn arguments(&mut self, call: &Call, function: &Function, scope: &dyn Scope) -> Option<Vec<Argument>> {
        let before = self.diagnostics.len();
        let exprs: Vec<Expr> = call.args().collect();
        let mut args = Vec::with_capacity(exprs.len());
        for (at, expr) in exprs.iter().enumerate() {
            let value = self.expr(expr, scope);
            if at + 1 == exprs.len() && call.ellipsis().is_some() {
                self.expand(&value, expr.range(), &mut args)?;
            } else {
                args.push(Argument { value, range: expr.range() });
            }
        }
        let count = function.params.len();
        // A call half typed has fewer arguments than it will have; the parser says what is missing.
        if args.len() < count && call.close_paren().is_some() {
            let param = function.params.get(args.len()).map_or("", |param| param.name);
            let at_least = if function.variadic.is_some() { " at least" } else { "" };
            let range = call.close_paren().map_or(call.range(), |close| close.text_range());
            self.mistake(
                range,
                code::FUNCTION_ARGUMENT,
                "Not enough function arguments",
                format!(
                    "Function {:?} expects{at_least} {count} argument(s). Missing value for {param:?}.",
                    function.name
                ),
            );
            return None;
        }
        if function.variadic.is_none()
            && let (Some(first), Some(last)) = (args.get(count), args.last())
        {
            self.mistake(
                first.range.cover(last.range),
                code::FUNCTION_ARGUMENT,
                "Too many function arguments",
                format!("Function {:?} expects only {count} argument(s).", function.name),
            );
            return None;
        }
        for (at, arg) in args.iter_mut().enumerate() {
            let Some(param) = function.param(at) else { continue };
            if arg.value.is_null() && !param.null {
                self.invalid_argument(arg.range, param.name, "argument must not be null");
                continue;
            }
            match convert(&arg.value, &param.ty.constraint()) {
                Ok(value) => arg.value = value,
                Err(error) => {
                    self.invalid_argument(arg.range, param.name, &error.0);
                }
            }
        }
        (self.diagnostics.len() == before && args.len() >= count).then_some(args)
    }

    /// `f(list...)`; `None` when the list is a mistake.
    fn expand(&mut self, value: &Value, range: TextRange, args: &mut Vec<Argument>) -> Option<()> {
        let detail = match value {
            Value::Unknown(unknown) => {
                // One unknown stands for all: the result is unknown whatever their number.
                args.push(Argument { value: Value::Unknown(Unknown::clone(unknown)), range });
                return Some(());
            }
            Value::Null => "The expanding argument (indicated by ...) must not be null.",
            _ => match value.elements() {
                Some(items) => {
                    args.extend(items.iter().map(|item| Argument { value: item.clone(), range }));
                    return Some(());
                }
                None => "The expanding argument (indicated by ...) must be of a tuple, list, or set type.",
            },
        };
        self.mistake(range, code::FUNCTION_ARGUMENT, "Invalid expanding argument value", detail);
        None
    }

    /// The first argument that evaluates without a mistake.
    fn call_try(&mut self, call: &Call, scope: &dyn Scope) -> Value {
        let mut failures: Vec<EvalDiagnostic> = Vec::new();
        for arg in call.args() {
            match self.attempt(&arg, scope) {
                Ok(value) => return value,
                Err(diagnostics) => failures.extend(diagnostics),
            }
        }
        if failures.is_empty() {
            return self.failed(call, "try", "at least one argument is required");
        }
        let mut message = String::from("no expression succeeded:\n");
        for failure in failures {
            message.push_str(&format!("- {}\n  {}\n", failure.summary, failure.detail));
        }
        message.push_str("\nAt least one expression must produce a successful result");
        self.failed(call, "try", &message)
    }

    /// Whether the argument evaluates without a mistake.
    fn call_can(&mut self, call: &Call, scope: &dyn Scope) -> Value {
        let args: Vec<Expr> = call.args().collect();
        let [arg] = args.as_slice() else {
            return self.failed(call, "can", "exactly one argument is required");
        };
        match self.attempt(arg, scope) {
            Ok(value) => value.unknown().map_or(Value::Bool(true), Value::Unknown),
            Err(_) => Value::Bool(false),
        }
    }
}
