//! The kinds of tokens and nodes of a statement's tree.
//!
//! A word is a [`SyntaxKind::KEYWORD`] where the parser read it as one and an [`SyntaxKind::IDENT`] where it read
//! a name; the lexer alone cannot tell, because most keywords of SQL may be names.

/// Declares the kinds once, so that the list for `kind_from_raw` cannot fall behind.
macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident,)*) => {
        /// What a token or a node is.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum SyntaxKind { $($(#[$meta])* $name,)* }

        const ALL: &[SyntaxKind] = &[$(SyntaxKind::$name,)*];
    };
}

kinds! {
    // Tokens.
    /// Spaces, line breaks, a byte-order mark.
    WHITESPACE,
    /// `-- …` or `# …`, without its line break.
    LINE_COMMENT,
    /// `/* … */`.
    BLOCK_COMMENT,
    /// A word read as a name.
    IDENT,
    /// A word read as a keyword.
    KEYWORD,
    /// A name in the dialect's quotes.
    QUOTED_IDENT,
    /// `'…'`, with its prefix if any.
    STRING,
    /// `x'…'`.
    BLOB,
    /// `$tag$…$tag$`.
    DOLLAR_STRING,
    NUMBER,
    /// `?`, `?1`, `:name`, `@name`, `$name`.
    PARAMETER,
    L_PAREN,
    R_PAREN,
    COMMA,
    DOT,
    STAR,
    EQ,
    PLUS,
    MINUS,
    /// Any other operator.
    OPERATOR,
    /// What ends the statement: `;` or the delimiter in force.
    DELIMITER,
    /// A line for the client and not for the server: `DELIMITER //`, `GO`, `\set`.
    CLIENT_COMMAND,
    /// A byte no dialect has a use for.
    JUNK,

    // Roots and what is shared.
    /// The root of a piece: trivia, a statement, its delimiter.
    PIECE,
    /// One name.
    NAME,
    /// `schema.table`.
    PATH,
    /// Tokens the grammar does not know, balanced; never an error by itself.
    OPAQUE,
    /// Tokens that cannot be there; an error was reported.
    ERROR,

    // Statements.
    CREATE_TABLE,
    CREATE_INDEX,
    CREATE_VIEW,
    CREATE_TRIGGER,
    CREATE_VIRTUAL_TABLE,
    ALTER_TABLE,
    DROP,
    PRAGMA,
    TRANSACTION,
    ATTACH,
    DETACH,
    REINDEX,
    VACUUM,
    ANALYZE,
    EXPLAIN,
    INSERT,
    UPDATE,
    DELETE,
    QUERY,
    /// `CREATE` of what is no table, index, view or trigger; the keywords say of what, the first path is its name.
    CREATE_OBJECT,
    /// `ALTER` of such an object.
    ALTER_OBJECT,
    /// `DROP` of such objects.
    DROP_OBJECT,
    COMMENT_ON,
    /// `GRANT`, `REVOKE`, `ALTER DEFAULT PRIVILEGES`.
    GRANT,
    /// `SET`, `RESET`.
    SET_OPTION,
    /// `COPY … FROM`, `COPY … TO`.
    COPY,
    /// A known statement that says nothing about a schema.
    COMMAND,

    // Parts of CREATE TABLE.
    /// `( column, constraint, … )`.
    TABLE_ELEMENTS,
    COLUMN_DEF,
    TYPE_NAME,
    /// `(10, 2)` of a type.
    TYPE_ARGS,
    /// `CONSTRAINT name`, the first child of a constraint.
    CONSTRAINT_NAME,
    PRIMARY_KEY,
    NOT_NULL,
    NULL_CONSTRAINT,
    UNIQUE,
    CHECK,
    DEFAULT,
    COLLATE,
    REFERENCES,
    GENERATED,
    FOREIGN_KEY,
    /// `ON CONFLICT …`.
    CONFLICT_CLAUSE,
    /// `ON DELETE …` or `ON UPDATE …`.
    REFERENCE_ACTION,
    /// `MATCH name`.
    MATCH_CLAUSE,
    /// `[NOT] DEFERRABLE [INITIALLY …]`.
    DEFERRABLE,
    /// `( expr COLLATE … ASC, … )`.
    INDEXED_COLUMNS,
    INDEXED_COLUMN,
    /// `( name, … )`.
    COLUMN_NAMES,
    /// `WITHOUT ROWID`, `STRICT`.
    TABLE_OPTION,
    /// `INHERITS ( table, … )`.
    INHERITS,
    /// `PARTITION OF table`.
    PARTITION_OF,
    /// `FOR VALUES …` or `DEFAULT` of a partition.
    PARTITION_BOUND,
    /// `PARTITION BY strategy ( key, … )`.
    PARTITION_BY,
    /// `LIKE table INCLUDING … EXCLUDING …`.
    LIKE_CLAUSE,
    /// `EXCLUDE USING method ( element WITH operator, … )`.
    EXCLUDE,
    /// `WITH operator` of an element of an exclusion.
    EXCLUDE_OPERATOR,
    /// `INCLUDE ( column, … )`.
    INCLUDE,
    /// `NULLS [NOT] DISTINCT`.
    NULLS_DISTINCT,
    /// `USING INDEX name` of a constraint.
    USING_INDEX,
    /// `GENERATED … AS IDENTITY ( options )`.
    IDENTITY,
    /// `( name = value, … )`.
    PARAMS,
    PARAM,
    /// An option in words: `USING btree`, `TABLESPACE x`, `START WITH 5`.
    OPTION,
    /// An operator class with its parameters.
    OPCLASS,

    // Parts of the other definitions.
    TRIGGER_EVENT,
    TRIGGER_WHEN,
    TRIGGER_BODY,
    MODULE_ARGS,
    MODULE_ARG,
    RENAME_TABLE,
    RENAME_COLUMN,
    ADD_COLUMN,
    DROP_COLUMN,
    ADD_CONSTRAINT,
    DROP_CONSTRAINT,
    RENAME_CONSTRAINT,
    ALTER_COLUMN,
    /// Any other action of an `ALTER`.
    ALTER_ACTION,
    PRAGMA_VALUE,
    /// `REFERENCING NEW TABLE AS name …`.
    REFERENCING,
    /// `EXECUTE FUNCTION name(…)`.
    TRIGGER_EXECUTE,
    /// `( 'a', 'b' )` of an enum.
    ENUM_VALUES,
    /// The parameters of a routine, in parentheses.
    ROUTINE_PARAMS,
    ROUTINE_PARAM,
    /// `RETURNS …`.
    ROUTINE_RETURNS,
    /// `AS '…'`, `RETURN …`, `BEGIN ATOMIC … END`.
    ROUTINE_BODY,
    /// `( type, … )`: which of the routines of one name.
    SIGNATURE,
    /// Whom a right is given to or taken from, or a policy is for.
    ROLES,
    /// `WITH CHECK OPTION`, `WITH NO DATA` behind the query of a view.
    VIEW_OPTION,
    /// What is known to belong here and kept as it is: parts of queries, bodies. Unlike [`Self::OPAQUE`] it hides
    /// nothing a schema depends on.
    LOOSE,

    // What only MySQL and MariaDB have.
    /// `KEY name (…)`, `FULLTEXT …`, `SPATIAL …` among the columns of a table.
    KEY_DEF,
    /// `(10)` behind an indexed column.
    KEY_PREFIX,
    /// `DEFINER = user`.
    DEFINER,
    /// `FIRST`, `AFTER column`.
    COLUMN_POSITION,
    MODIFY_COLUMN,
    CHANGE_COLUMN,
    ADD_KEY,
    DROP_KEY,
    RENAME_KEY,
    /// `PARTITION BY …` of a table, with its partitions.
    PARTITIONING,
    /// `SUBPARTITION BY …`.
    SUBPARTITIONING,
    PARTITION_DEF,
    /// `VALUES LESS THAN …`, `VALUES IN …`.
    PARTITION_VALUES,
    /// `PERIOD FOR name (start, end)`.
    PERIOD,
    /// `RENAME TABLE a TO b, …`.
    RENAME_TABLES,
    /// One `a TO b` of it.
    RENAME_PAIR,
    /// `USE database`.
    USE,

    // Queries.
    WITH_CLAUSE,
    CTE,
    SELECT_CORE,
    VALUES_CLAUSE,
    RESULT_COLUMNS,
    RESULT_COLUMN,
    /// `AS name` or a bare alias.
    ALIAS,
    FROM_CLAUSE,
    TABLE_REF,
    JOIN_CONDITION,
    WHERE_CLAUSE,
    GROUP_BY,
    HAVING,
    WINDOW_CLAUSE,
    ORDER_BY,
    LIMIT,
    SET_CLAUSE,
    ASSIGNMENT,
    UPSERT,
    RETURNING,

    // Expressions.
    EXPR,
    COLUMN_REF,
    CALL,
    ARGS,
    LITERAL,
    PAREN,
    /// `( SELECT … )`.
    SUBQUERY,
    /// `[ … ]` behind a value or `ARRAY`.
    SUBSCRIPT,
}

impl SyntaxKind {
    /// The kind of an element of a [`GreenNode`].
    pub fn of(raw: rowan::SyntaxKind) -> SyntaxKind {
        <Sql as rowan::Language>::kind_from_raw(raw)
    }

    /// Whether the token says nothing to a parser.
    pub fn is_trivia(self) -> bool {
        matches!(self, SyntaxKind::WHITESPACE | SyntaxKind::LINE_COMMENT | SyntaxKind::BLOCK_COMMENT)
    }

    /// Whether the token is a comment.
    pub fn is_comment(self) -> bool {
        matches!(self, SyntaxKind::LINE_COMMENT | SyntaxKind::BLOCK_COMMENT)
    }
}

/// The language of the trees here, for rowan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sql {}

impl rowan::Language for Sql {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        ALL.get(usize::from(raw.0)).copied().unwrap_or(SyntaxKind::JUNK)
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        rowan::SyntaxKind(kind as u16)
    }
}

/// A node that does not know its place: much cheaper to walk than [`SyntaxNode`], for those who count along.
pub type GreenNode = rowan::GreenNodeData;

pub type SyntaxNode = rowan::SyntaxNode<Sql>;
pub type SyntaxToken = rowan::SyntaxToken<Sql>;
pub type SyntaxElement = rowan::SyntaxElement<Sql>;
