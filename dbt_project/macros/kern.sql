{# The berichten every regio is made of (domain/leveringen.py: KERN; a test holds them together). They decide which months are
   published and what dekking of the figures is; a bericht that is not among them is there by agreement only. #}
{% macro kern() %}('toewijzingen', 'declaraties'){% endmacro %}

{# The figure that rows of a bericht move: of a further extract the extract itself. #}
{% macro raakt(bericht) -%}
    case {{ bericht }} when 'declaraties' then 'kosten' when 'toewijzingen' then 'jeugdigen_in_zorg' else {{ bericht }} end
{%- endmacro %}
