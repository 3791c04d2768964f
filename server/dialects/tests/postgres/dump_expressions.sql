--
-- PostgreSQL database dump
--

\restrict a

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: email; Type: DOMAIN; Schema: public; Owner: -
--

CREATE DOMAIN public.email AS text NOT NULL DEFAULT 'x@y'::text
	CONSTRAINT has_at CHECK ((VALUE ~ '@'::text));


--
-- Name: mood; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.mood AS ENUM (
    'sad',
    'ok',
    'happy'
);


--
-- Name: positive; Type: DOMAIN; Schema: public; Owner: -
--

CREATE DOMAIN public.positive AS integer
	CONSTRAINT positive_check CHECK ((VALUE > 0));


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: e; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.e (
    a integer,
    b bigint,
    s smallint,
    n numeric(10,2),
    r real,
    d double precision,
    t text,
    v character varying(20),
    c character(3),
    m public.mood,
    f boolean,
    dt date,
    ts timestamp without time zone,
    tz timestamp with time zone,
    iv interval,
    j jsonb,
    js json,
    u uuid,
    tags text[],
    vs character varying[],
    g1 text GENERATED ALWAYS AS (((t || ' '::text) || (v)::text)) STORED,
    g2 numeric GENERATED ALWAYS AS ((n * (a)::numeric)) STORED,
    g3 tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, COALESCE(t, ''::text))) STORED,
    d1 text DEFAULT ('a'::text || 'b'::text),
    d2 integer DEFAULT '-5'::integer,
    d3 numeric DEFAULT 1.50,
    d4 timestamp with time zone DEFAULT (now() + '7 days'::interval),
    d5 character varying(10) DEFAULT upper('x'::text),
    d6 text[] DEFAULT ARRAY['a'::text, 'b'::text],
    d7 bigint DEFAULT 5,
    d8 boolean DEFAULT false,
    d9 jsonb DEFAULT '[]'::jsonb,
    d10 date DEFAULT CURRENT_DATE,
    d11 integer DEFAULT 7,
    d12 real DEFAULT 0.5,
    d13 text DEFAULT CURRENT_USER,
    d14 character(2) DEFAULT 'ab'::bpchar,
    d15 time without time zone DEFAULT '12:00:00'::time without time zone,
    d16 integer[] DEFAULT '{1,2}'::integer[],
    d17 public.mood DEFAULT 'sad'::public.mood,
    d18 text DEFAULT lower('ABC'::text),
    d19 double precision DEFAULT 1,
    d20 interval DEFAULT '00:05:00'::interval,
    CONSTRAINT c01 CHECK ((a > 0)),
    CONSTRAINT c02 CHECK (((a >= 0) AND (b < 10) AND (s <> 3))),
    CONSTRAINT c03 CHECK (((a > 0) OR ((b > 0) AND (s > 0)) OR f)),
    CONSTRAINT c04 CHECK ((n > (0)::numeric)),
    CONSTRAINT c05 CHECK (((n >= 0.5) AND (d > (0)::double precision) AND (d < (0.5)::double precision) AND (r > (1)::double precision))),
    CONSTRAINT c06 CHECK ((t = 'x'::text)),
    CONSTRAINT c07 CHECK (((v)::text = 'x'::text)),
    CONSTRAINT c08 CHECK ((c = 'abc'::bpchar)),
    CONSTRAINT c09 CHECK ((m = 'ok'::public.mood)),
    CONSTRAINT c10 CHECK ((t = ANY (ARRAY['a'::text, 'b'::text, 'c'::text]))),
    CONSTRAINT c11 CHECK (((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))),
    CONSTRAINT c12 CHECK ((m = ANY (ARRAY['sad'::public.mood, 'ok'::public.mood]))),
    CONSTRAINT c13 CHECK ((a = ANY (ARRAY[1, 2, 3]))),
    CONSTRAINT c14 CHECK ((t <> ALL (ARRAY['a'::text, 'b'::text]))),
    CONSTRAINT c15 CHECK (((a >= 1) AND (a <= 10))),
    CONSTRAINT c16 CHECK (((a < 1) OR (a > 10))),
    CONSTRAINT c17 CHECK (((t ~~ 'a%'::text) AND ((v)::text !~~ '%b'::text) AND (t ~~* 'x'::text))),
    CONSTRAINT c18 CHECK (((t ~ '^[a-z]+$'::text) AND ((v)::text !~* 'x'::text))),
    CONSTRAINT c19 CHECK (((length(t) > 3) AND (length((v)::text) > 3) AND (char_length((v)::text) < 10))),
    CONSTRAINT c20 CHECK (((lower(t) = t) AND (upper((v)::text) = (v)::text))),
    CONSTRAINT c21 CHECK (((t IS NOT NULL) OR (v IS NULL))),
    CONSTRAINT c22 CHECK ((NOT f)),
    CONSTRAINT c23 CHECK (((f = true) AND (f IS NOT FALSE))),
    CONSTRAINT c24 CHECK ((a <> 5)),
    CONSTRAINT c25 CHECK (((a + (b * 2)) > (s - 1))),
    CONSTRAINT c26 CHECK (((n * (a)::numeric) > (100)::numeric)),
    CONSTRAINT c27 CHECK (((COALESCE(t, ''::text) <> ''::text) AND ((COALESCE(v, 'x'::character varying))::text <> 'y'::text))),
    CONSTRAINT c28 CHECK (((dt > '2020-01-01'::date) AND (ts < '2020-01-01 00:00:00'::timestamp without time zone) AND (dt < ts))),
    CONSTRAINT c29 CHECK ((tz > (now() - '1 day'::interval))),
    CONSTRAINT c30 CHECK (
CASE
    WHEN (a > 0) THEN (b > 0)
    ELSE (s > 0)
END),
    CONSTRAINT c31 CHECK ((((j ->> 'a'::text) = 'x'::text) AND (j ? 'b'::text) AND ((j -> 'c'::text) IS NOT NULL))),
    CONSTRAINT c32 CHECK ((j @> '{}'::jsonb)),
    CONSTRAINT c33 CHECK ((jsonb_typeof(j) = 'object'::text)),
    CONSTRAINT c34 CHECK ((tags @> ARRAY['a'::text, 'b'::text])),
    CONSTRAINT c35 CHECK (((array_length(tags, 1) > 0) AND (cardinality(tags) < 10))),
    CONSTRAINT c36 CHECK (('x'::text = ANY (tags))),
    CONSTRAINT c37 CHECK (((a = '-1'::integer) OR (n = '-0.5'::numeric))),
    CONSTRAINT c38 CHECK ((((a)::text = 'x'::text) AND (((t)::character varying)::text = 'y'::text) AND ((v)::text = 'z'::text))),
    CONSTRAINT c39 CHECK (((t || (v)::text) <> 'x'::text)),
    CONSTRAINT c40 CHECK ((a IS DISTINCT FROM b)),
    CONSTRAINT c41 CHECK ((TRIM(BOTH FROM t) <> ''::text)),
    CONSTRAINT c42 CHECK ((EXTRACT(year FROM dt) > (2000)::numeric)),
    CONSTRAINT c43 CHECK ((date_trunc('day'::text, tz) = tz)),
    CONSTRAINT c44 CHECK ((b > '5000000000'::bigint)),
    CONSTRAINT c45 CHECK ((((a % 2) = 0) AND (abs(a) > 1) AND (round(n, 1) = n))),
    CONSTRAINT c46 CHECK ((u <> '00000000-0000-0000-0000-000000000000'::uuid)),
    CONSTRAINT c47 CHECK (((a > 0) = (b > 0))),
    CONSTRAINT c48 CHECK (((n = ANY (ARRAY[(1)::numeric, (2)::numeric])) AND (b = ANY (ARRAY[(1)::bigint, (2)::bigint])) AND (s = ANY (ARRAY[1, 2])))),
    CONSTRAINT c49 CHECK ((SUBSTRING(t FROM 1 FOR 2) = 'ab'::text)),
    CONSTRAINT c50 CHECK ((tags[1] = 'a'::text)),
    CONSTRAINT c51 CHECK ((c = ANY (ARRAY['abc'::bpchar, 'def'::bpchar]))),
    CONSTRAINT c52 CHECK ((t = 'a'::text)),
    CONSTRAINT c53 CHECK (((a > 0) AND ((b > 0) AND (s > 0)))),
    CONSTRAINT c54 CHECK ((iv > '01:00:00'::interval)),
    CONSTRAINT c55 CHECK (((a = 1) AND (t = 'it''s'::text))),
    CONSTRAINT c56 CHECK ((POSITION(('x'::text) IN (t)) > 0)),
    CONSTRAINT c57 CHECK (((d > r) AND (r > (0.5)::double precision) AND ((n)::double precision > d))),
    CONSTRAINT c58 CHECK (((v)::text = t)),
    CONSTRAINT c59 CHECK ((
CASE t
    WHEN 'a'::text THEN 1
    WHEN 'b'::text THEN 2
    ELSE NULL::integer
END > 0)),
    CONSTRAINT c60 CHECK (((GREATEST((a)::bigint, b) > 0) AND (NULLIF(t, ''::text) IS NOT NULL)))
);


--
-- Name: x01; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX x01 ON public.e USING btree (lower(t));


--
-- Name: x02; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX x02 ON public.e USING btree (((a + b)));


--
-- Name: x03; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX x03 ON public.e USING btree (((j ->> 'name'::text)));


--
-- Name: x04; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX x04 ON public.e USING btree (lower((v)::text), ((t || 'x'::text)));


--
-- Name: x05; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX x05 ON public.e USING btree (a) WHERE f;


--
-- Name: x06; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX x06 ON public.e USING btree (a) WHERE ((m = 'ok'::public.mood) AND (t IS NULL));


--
-- Name: x07; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX x07 ON public.e USING btree (COALESCE(a, 0));


--
-- Name: x08; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX x08 ON public.e USING btree (date_trunc('day'::text, ts));


--
-- Name: x09; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX x09 ON public.e USING btree (((a)::text));


--
-- Name: x10; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX x10 ON public.e USING btree (a) WHERE (((v)::text <> 'x'::text) AND (b = ANY (ARRAY[(1)::bigint, (2)::bigint])));


--
-- PostgreSQL database dump complete
--

\unrestrict a

