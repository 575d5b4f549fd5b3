-- The database of the store: what one region makes is everybody's (role landelijk), and messages are in English, which is
-- all that DuckLake recognises. A region: create role twente login in role landelijk; alter role twente set role to landelijk;
create database winkel;
alter database winkel set lc_messages to 'C';
create role landelijk nologin;
\connect winkel
create schema winkel authorization landelijk;
